#include "MlabImages.h"

#include "MlabText.h"

#include "Async/Async.h"

#include <mlab_decode.h>

namespace
{
	/** Decoded images wait for the pump: as many as this are held at once, 4 bytes a pixel each. */
	constexpr int32 MostInPool = 8;

	/** What the decoder says of a format that it does not know is no fault of the image. */
	bool IsReadHere(const mlab_decode_image* Image)
	{
		return mlab_decode_image_kind(Image) != MLAB_DECODE_KIND_UNKNOWN;
	}

	void DecodeNow(FMlabDecoding& Decoding)
	{
		const mlab::image_view View = Decoding.Result.image(static_cast<size_t>(Decoding.Image.Index));
		const mlab::bytes Bytes = View.data();
		mlab_decode_image* Decoded = nullptr;
		const int32 Status =
			mlab_decode_rgba8(Bytes.data(), Bytes.size(), static_cast<uint64>(FMath::Max<int64>(1, Decoding.MaxPixels)), &Decoded);
		Decoding.Image.Type = MlabText::FromUtf8(View.type());
		if (Status == MLAB_DECODE_OK)
		{
			Decoding.Image.Pixels = MakeShared<FMlabPixels, ESPMode::ThreadSafe>(Decoded);
		}
		else
		{
			if (IsReadHere(Decoded))
			{
				Decoding.Image.Error = MlabText::FromUtf8(mlab_decode_image_message(Decoded));
			}
			Decoding.Image.Bytes.Append(reinterpret_cast<const uint8*>(Bytes.data()), static_cast<int64>(Bytes.size()));
			mlab_decode_image_free(Decoded);
		}
		Decoding.Result = mlab::result();
	}
}

FMlabPixels::FMlabPixels(mlab_decode_image* InImage) : Image(InImage)
{
}

FMlabPixels::~FMlabPixels()
{
	mlab_decode_image_free(Image);
}

int32 FMlabPixels::Width() const
{
	return static_cast<int32>(mlab_decode_image_width(Image));
}

int32 FMlabPixels::Height() const
{
	return static_cast<int32>(mlab_decode_image_height(Image));
}

int64 FMlabPixels::Stride() const
{
	return static_cast<int64>(mlab_decode_image_stride(Image));
}

const uint8* FMlabPixels::Data() const
{
	return mlab_decode_image_pixels(Image, nullptr);
}

FMlabImages::FMlabImages() : Decoded(MakeShared<FDecoded, ESPMode::ThreadSafe>())
{
}

void FMlabImages::Add(TSharedRef<FMlabDecoding, ESPMode::ThreadSafe> Decoding)
{
	Waiting.Enqueue(MoveTemp(Decoding));
}

void FMlabImages::Decode()
{
	TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe> Next;
	while (InPool < MostInPool && Waiting.Dequeue(Next))
	{
		InPool++;
		Async(EAsyncExecution::ThreadPool,
			[Next, Into = Decoded]
			{
				DecodeNow(*Next);
				Into->Enqueue(Next);
			});
	}
}

TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe> FMlabImages::Pop()
{
	TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe> Next;
	if (Decoded->Dequeue(Next))
	{
		InPool--;
	}
	return Next;
}
