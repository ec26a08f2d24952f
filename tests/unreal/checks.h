/* What every case needs: checks, a loop of frames, and the server that the Rust side started. */
#pragma once

#include "HttpModule.h"

#include "HAL/PlatformTime.h"
#include "MlabJobs.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

inline int Failures = 0;

#define CHECK(condition)                                                                   \
	do                                                                                     \
	{                                                                                      \
		if (!(condition))                                                                  \
		{                                                                                  \
			std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
			Failures++;                                                                    \
		}                                                                                  \
	} while (false)

inline FString Environment(const char* Name)
{
	const char* Value = std::getenv(Name);
	return FString(UTF8_TO_TCHAR(Value == nullptr ? "" : Value));
}

inline FMlabClientSettings Settings(bool bUseEngineHttp = false)
{
	FMlabClientSettings Out;
	Out.Key = TEXT("test-key-not-real");
	Out.Endpoint = Environment("MLAB_TEST_ENDPOINT");
	Out.bUseEngineHttp = bUseEngineHttp;
	return Out;
}

/* Frames until something holds; false after half a minute. */
template <class Frame, class Condition>
bool Until(Frame&& OneFrame, Condition&& Holds)
{
	const double End = FPlatformTime::Seconds() + 30.0;
	while (!Holds())
	{
		if (FPlatformTime::Seconds() > End)
		{
			return false;
		}
		FHttpModule::Get().Tick();
		OneFrame();
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
	}
	return true;
}

/* What was told of one job. */
struct FTold
{
	int32 Progress = 0;
	int32 Done = 0;
	TArray<FMlabImage> Images;
	FMlabOutcome Outcome;

	FMlabJobCallbacks Callbacks()
	{
		FMlabJobCallbacks Out;
		Out.Progress = [this](const FMlabProgress&) { Progress++; };
		Out.Image = [this](FMlabImage&& Image) { Images.Add(MoveTemp(Image)); };
		Out.Done = [this](const FMlabOutcome& End)
		{
			Done++;
			Outcome = End;
		};
		return Out;
	}
};

/* Waits for one job to end. */
inline FTold Run(FMlabJobs& Jobs, const TCHAR* Id, const FMlabJobOptions& Options = FMlabJobOptions())
{
	FTold Told;
	CHECK(Jobs.Wait(Id, Options, Told.Callbacks()) != 0);
	CHECK(Until([&] { Jobs.Pump(); }, [&] { return Told.Done > 0; }));
	Jobs.Pump();
	CHECK(Told.Done == 1);
	return Told;
}
