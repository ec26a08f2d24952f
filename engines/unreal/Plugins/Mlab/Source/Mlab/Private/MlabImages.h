// Decodes images in the engine's thread pool: a frame has no time for it.

#pragma once

#include "MlabJobs.h"

#include "Containers/Queue.h"

#include <mlab.hpp>

/** An image on its way from bytes to pixels. */
struct FMlabDecoding
{
	/** The number of its job. */
	int64 Job = 0;
	int64 MaxPixels = 0;
	/** It has the image at the index, and no other. */
	mlab::result Result;
	/** Filled by the thread pool, but for its index. */
	FMlabImage Image;
};

/** The images of all jobs. Game thread only, but for what runs in the pool. */
class FMlabImages
{
public:
	FMlabImages();

	void Add(TSharedRef<FMlabDecoding, ESPMode::ThreadSafe> Decoding);
	/** Gives waiting images to the pool. */
	void Decode();
	/** The next one that is decoded, in the order of their ends; none if nullptr. */
	TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe> Pop();

private:
	using FDecoded = TQueue<TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe>, EQueueMode::Mpsc>;

	TQueue<TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe>> Waiting;
	/** Shared with the pool, which may still hold it when this ends. */
	TSharedRef<FDecoded, ESPMode::ThreadSafe> Decoded;
	int32 InPool = 0;
};
