// Waits for queued images and hands them over decoded, without blocking a frame.
//
// Knows no UObject: UMlabSubsystem wraps it for Blueprint, and C++ may use it as it is. All calls and all callbacks are on
// the game thread; images are decoded in the engine's thread pool.

#pragma once

#include "CoreMinimal.h"

struct mlab_decode_image;

/** Where jobs are asked for, and with what. */
struct FMlabClientSettings
{
	/** A player's token for an endpoint of your own, or, while you develop, the API key. */
	FString Key;
	/** The URL with {id} in it; empty for the service's own. */
	FString Endpoint;
	/** Polls and downloads by the engine's HTTP module in place of the library's own; then no thread and no socket is made. */
	bool bUseEngineHttp = false;
};

/** How to wait for one job. Negative numbers leave the library's own values. */
struct FMlabJobOptions
{
	/** Seconds that the generation call said the job would take. It saves polls and waiting. */
	double EtaSeconds = -1.0;
	/** Seconds after which the job ends with MLAB_E_DEADLINE: 600 unless set. */
	double DeadlineSeconds = -1.0;
	/** False to get the links alone. */
	bool bImages = true;
	/** The largest image that is taken, in bytes. */
	int64 MaxBytes = 64 << 20;
	/** The largest image that is decoded, width times height. */
	int64 MaxPixels = 8192 * 8192;
};

/** How a wait stands after a poll, or an image's next bytes. */
struct FMlabProgress
{
	int32 Polls = 0;
	double ElapsedSeconds = 0.0;
	/** Until the images are ready, as the server said with its last reply; negative if it did not. */
	double EtaSeconds = -1.0;
	/** Since the start of the wait; negative if no poll is planned. */
	double NextPollSeconds = -1.0;
	int64 BytesDone = 0;
	/** Negative while it is not known. */
	int64 BytesTotal = -1;
};

/** Decoded pixels: four bytes each, R, G, B, A, the top row first. Never changes; any thread may read it. */
class MLABRUNTIME_API FMlabPixels
{
public:
	explicit FMlabPixels(mlab_decode_image* InImage);
	~FMlabPixels();
	FMlabPixels(const FMlabPixels&) = delete;
	FMlabPixels& operator=(const FMlabPixels&) = delete;

	int32 Width() const;
	int32 Height() const;
	/** From one row to the next, in bytes. */
	int64 Stride() const;
	const uint8* Data() const;

private:
	mlab_decode_image* Image;
};

/** One image of a job: pixels, or bytes of a format that has none here, or why there are neither. */
struct FMlabImage
{
	/** Its place among the job's links. */
	int32 Index = 0;
	/** "image/png" and its like. */
	FString Type;
	TSharedPtr<const FMlabPixels, ESPMode::ThreadSafe> Pixels;
	/** The file as it came, if it was not decoded. */
	TArray64<uint8> Bytes;
	/** Why an image of a format that is read here could not be decoded; empty otherwise. */
	FString Error;
};

/** How a job ended. */
struct FMlabOutcome
{
	/** A status of mlab.h: MLAB_OK, or a negative number. */
	int32 Status = 0;
	/** Its name, such as "MLAB_E_DEADLINE". */
	FString StatusName;
	/** One line that says what happened and what to do; empty for MLAB_OK. */
	FString Message;
	TArray<FString> Urls;
	/** Whether the same wait may succeed later. */
	bool bIsRetryable = false;
	/** When, if the server said so; else negative. */
	double RetryAfterSeconds = -1.0;
};

/** What is told of a job: progress and images any number of times, its end once. Each may be left empty. */
struct FMlabJobCallbacks
{
	TFunction<void(const FMlabProgress&)> Progress;
	TFunction<void(FMlabImage&&)> Image;
	TFunction<void(const FMlabOutcome&)> Done;
};

/** Jobs of one client. Callbacks may do anything with it, destroy it included; then none comes any more. */
class MLABRUNTIME_API FMlabJobs
{
public:
	/** Nothing is sent, and no thread made, before the first Pump() with a job. */
	explicit FMlabJobs(const FMlabClientSettings& Settings);
	/** Ends all jobs without a callback, and waits for no reply. */
	~FMlabJobs();
	FMlabJobs(const FMlabJobs&) = delete;
	FMlabJobs& operator=(const FMlabJobs&) = delete;

	/** Opens a job, and gives its number, which is never 0 and no other job's. One that cannot be begun ends in a later Pump(). */
	int64 Wait(const FString& Id, const FMlabJobOptions& Options, FMlabJobCallbacks Callbacks);
	/** Stops a job: its end is told in a later Pump(), MLAB_E_CANCELLED unless it had ended already; no image is any more. False
	 *  if there is no such job. */
	bool Cancel(int64 Job);
	void CancelAll();
	/** Jobs whose end was not told. */
	int32 Num() const;

	/** Tells what has happened and starts what is due; once a frame. What does not fit into the time comes with the next call;
	 *  one thing of each kind is done in any case. */
	void Pump(double LimitSeconds = 0.001);

private:
	struct FImpl;
	TSharedRef<FImpl> Impl;
};
