/* FMlabJobs against the stand-in, by the library's HTTP and by the engine's. */
#include "checks.h"

#include <mlab.h>

#include <cstring>
#include <memory>

namespace
{
	void CheckImages(const FTold& Told)
	{
		const int32 Kinds = Told.Outcome.Urls.Num();
		CHECK(Told.Outcome.Status == MLAB_OK);
		CHECK(Kinds >= 4 && Told.Images.Num() == Kinds);
		int32 WithPixels = 0;
		for (const FMlabImage& Image : Told.Images)
		{
			CHECK(Image.Error.IsEmpty());
			CHECK(!Image.Type.IsEmpty());
			CHECK(Image.Pixels.IsValid() != (Image.Bytes.Num() > 0));
			if (Image.Pixels.IsValid())
			{
				CHECK(Image.Pixels->Width() == 64 && Image.Pixels->Height() == 48);
				CHECK(Image.Pixels->Stride() >= 64 * 4 && Image.Pixels->Data() != nullptr);
				WithPixels++;
			}
		}
		CHECK(WithPixels == 4); // PNG, JPEG, WebP, GIF
	}

	void Images(bool bUseEngineHttp)
	{
		FMlabJobs Jobs(Settings(bUseEngineHttp));
		CheckImages(Run(Jobs, TEXT("1-images")));
		FMlabJobOptions Options;
		Options.bImages = false;
		const FTold Links = Run(Jobs, TEXT("1-links"), Options);
		CHECK(Links.Outcome.Status == MLAB_OK && Links.Images.Num() == 0 && Links.Outcome.Urls.Num() >= 4);
		CHECK(Jobs.Num() == 0);
	}

	struct FFailure
	{
		const TCHAR* Id;
		int32 Status;
		bool bIsRetryable;
	};

	void Failing(bool bUseEngineHttp)
	{
		const FFailure All[] = {
			{TEXT("missing-1"), MLAB_E_NOT_FOUND, false},
			{TEXT("auth-1"), MLAB_E_AUTH, false},
			{TEXT("credit-1"), MLAB_E_PAYMENT, false},
			{TEXT("fail-1"), MLAB_E_JOB_FAILED, false},
			{TEXT("not an id"), MLAB_E_INVALID_ARGUMENT, false},
			{TEXT(""), MLAB_E_INVALID_ARGUMENT, false},
		};
		FMlabJobs Jobs(Settings(bUseEngineHttp));
		for (const FFailure& Failure : All)
		{
			const FTold Told = Run(Jobs, Failure.Id);
			CHECK(Told.Outcome.Status == Failure.Status);
			CHECK(Told.Outcome.bIsRetryable == Failure.bIsRetryable);
			CHECK(!Told.Outcome.Message.IsEmpty() && Told.Outcome.StatusName.StartsWith(TEXT("MLAB_E_")));
			CHECK(Told.Images.Num() == 0);
		}
		FMlabJobOptions Small;
		Small.MaxPixels = 64 * 48 - 1;
		const FTold Told = Run(Jobs, TEXT("1-small"), Small);
		CHECK(Told.Outcome.Status == MLAB_OK && Told.Images.Num() == Told.Outcome.Urls.Num());
		CHECK(!Told.Images[0].Error.IsEmpty() && !Told.Images[0].Pixels.IsValid() && Told.Images[0].Bytes.Num() > 0);
		Small = FMlabJobOptions();
		Small.MaxBytes = 40;
		CHECK(Run(Jobs, TEXT("1-bytes"), Small).Outcome.Status == MLAB_E_TOO_LARGE);
		Small = FMlabJobOptions();
		Small.DeadlineSeconds = 0.3;
		CHECK(Run(Jobs, TEXT("never-1"), Small).Outcome.Status == MLAB_E_DEADLINE);

		FMlabClientSettings Wrong = Settings(bUseEngineHttp);
		Wrong.Endpoint = TEXT("http://example.com/{id}"); // No TLS, and not this machine: refused before anything is sent.
		FMlabJobs Refused(Wrong);
		CHECK(Run(Refused, TEXT("1")).Outcome.Status == MLAB_E_INVALID_ARGUMENT);
		Wrong = Settings(bUseEngineHttp);
		Wrong.Key = FString();
		FMlabJobs WithoutKey(Wrong);
		CHECK(Run(WithoutKey, TEXT("1")).Outcome.Status == MLAB_E_INVALID_ARGUMENT);
		Wrong = Settings(bUseEngineHttp);
		Wrong.Endpoint = Environment("MLAB_TEST_CLOSED");
		FMlabJobs Closed(Wrong);
		FMlabJobOptions Soon;
		Soon.DeadlineSeconds = 0.5;
		const FTold Unreachable = Run(Closed, TEXT("1"), Soon);
		CHECK(Unreachable.Outcome.Status == MLAB_E_DEADLINE && !Unreachable.Outcome.Message.IsEmpty());
	}

	void Cancel(bool bUseEngineHttp)
	{
		FMlabJobs Jobs(Settings(bUseEngineHttp));
		FTold Unsent, Sent, Other;
		const int64 First = Jobs.Wait(TEXT("never-unsent"), FMlabJobOptions(), Unsent.Callbacks());
		CHECK(Jobs.Cancel(First));
		const int64 Second = Jobs.Wait(TEXT("slow-1"), FMlabJobOptions(), Sent.Callbacks());
		Jobs.Wait(TEXT("1-other"), FMlabJobOptions(), Other.Callbacks());
		CHECK(First != 0 && Second != 0 && First != Second && Jobs.Num() == 3);
		CHECK(Until([&] { Jobs.Pump(); }, [&] { return Other.Done > 0; }));
		CHECK(Unsent.Done == 1 && Unsent.Outcome.Status == MLAB_E_CANCELLED && Sent.Done == 0);
		CHECK(!Jobs.Cancel(First) && Jobs.Cancel(Second));
		CHECK(Until([&] { Jobs.Pump(); }, [&] { return Sent.Done > 0; }));
		CHECK(Sent.Outcome.Status == MLAB_E_CANCELLED && Other.Outcome.Status == MLAB_OK);
		FTold All[3];
		for (FTold& Told : All)
		{
			Jobs.Wait(TEXT("never-all"), FMlabJobOptions(), Told.Callbacks());
			Jobs.Pump();
		}
		Jobs.CancelAll();
		CHECK(Until([&] { Jobs.Pump(); }, [&] { return Jobs.Num() == 0; }));
		for (const FTold& Told : All)
		{
			CHECK(Told.Done == 1 && Told.Outcome.Status == MLAB_E_CANCELLED);
		}
		CHECK(Until([] {}, [] { return FHttpModule::Get().UnderWay() == 0; }));
	}

	/* A callback may do anything, and the end of everything is one of them. */
	void Inside(bool bUseEngineHttp)
	{
		std::unique_ptr<FMlabJobs> Jobs(new FMlabJobs(Settings(bUseEngineHttp)));
		FTold Next, Never;
		int32 Ended = 0;
		FMlabJobCallbacks Callbacks;
		Callbacks.Done = [&](const FMlabOutcome& Outcome)
		{
			CHECK(Outcome.Status == MLAB_OK);
			Jobs->Pump(); // It is pumping: nothing happens.
			FMlabJobCallbacks Last;
			Last.Image = [&](FMlabImage&&)
			{
				Ended++;
				Jobs.reset();
			};
			Last.Done = [&](const FMlabOutcome&) { Ended++; };
			Jobs->Wait(TEXT("1-last"), FMlabJobOptions(), Last);
		};
		Jobs->Wait(TEXT("1-first"), FMlabJobOptions(), Callbacks);
		Jobs->Wait(TEXT("never-1"), FMlabJobOptions(), Never.Callbacks());
		CHECK(Until([&] { Jobs->Pump(); }, [&] { return Jobs == nullptr; }));
		CHECK(Ended == 1 && Never.Done == 0);
		// Nothing comes to those who have gone.
		CHECK(Until([] {}, [] { return FHttpModule::Get().UnderWay() == 0; }));
		CHECK(Ended == 1 && Never.Done == 0);
	}

	void Redirect()
	{
		FMlabClientSettings Wrong = Settings(true);
		Wrong.Endpoint = Environment("MLAB_TEST_REDIRECT");
		FMlabJobs Jobs(Wrong);
		CHECK(Run(Jobs, TEXT("1")).Outcome.Status == MLAB_E_REDIRECT);
	}

	/* A frame is not lost, however many jobs wait; those that do not fit into it come later. */
	void Many()
	{
		constexpr int32 Count = 10000;
		FMlabJobs Jobs(Settings());
		FMlabJobOptions Options;
		Options.DeadlineSeconds = 7200.0;
		Options.EtaSeconds = 3600.0;
		FTold Told;
		for (int32 Number = 0; Number < Count; Number++)
		{
			Jobs.Wait(FString(UTF8_TO_TCHAR(("never-" + std::to_string(Number)).c_str())), Options, Told.Callbacks());
		}
		CHECK(Jobs.Num() == Count);
		double Mean = 0.0;
		constexpr int32 Frames = 600;
		for (int32 Frame = 0; Frame < Frames; Frame++)
		{
			const double Began = FPlatformTime::Seconds();
			Jobs.Pump(0.001);
			Mean += (FPlatformTime::Seconds() - Began) / Frames;
			std::this_thread::sleep_for(std::chrono::milliseconds(1));
		}
		std::printf("mean pump of %d frames with %d jobs: %.1f us\n", Frames, Count, Mean * 1e6);
		CHECK(Jobs.Num() == Count && Told.Done == 0);
	}
}

int main(int argc, char** argv)
{
	const std::string Case = argc > 1 ? argv[1] : "";
	const bool bUseEngineHttp = argc > 2 && std::strcmp(argv[2], "engine") == 0;
	if (Case == "images")
	{
		Images(bUseEngineHttp);
	}
	else if (Case == "failures")
	{
		Failing(bUseEngineHttp);
	}
	else if (Case == "cancel")
	{
		Cancel(bUseEngineHttp);
	}
	else if (Case == "inside")
	{
		Inside(bUseEngineHttp);
	}
	else if (Case == "redirect")
	{
		Redirect();
	}
	else if (Case == "many")
	{
		Many();
	}
	else
	{
		CHECK(!"no such case");
	}
	return Failures == 0 ? 0 : 1;
}
