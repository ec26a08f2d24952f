#include "MlabTexture.h"

#include "Engine/Texture2D.h"

UTexture2D* MlabMakeTexture(const FMlabImage& Image)
{
	if (!Image.Pixels.IsValid())
	{
		return nullptr;
	}
	const FMlabPixels& Pixels = *Image.Pixels;
	UTexture2D* Texture = UTexture2D::CreateTransient(Pixels.Width(), Pixels.Height(), PF_R8G8B8A8);
	if (Texture == nullptr)
	{
		return nullptr;
	}
	Texture->SRGB = true;
	FByteBulkData& Bulk = Texture->GetPlatformData()->Mips[0].BulkData;
	uint8* Into = static_cast<uint8*>(Bulk.Lock(LOCK_READ_WRITE));
	const int64 RowBytes = int64(Pixels.Width()) * 4;
	for (int32 Row = 0; Row < Pixels.Height(); Row++)
	{
		FMemory::Memcpy(Into + Row * RowBytes, Pixels.Data() + Row * Pixels.Stride(), static_cast<SIZE_T>(RowBytes));
	}
	Bulk.Unlock();
	Texture->UpdateResource();
	return Texture;
}
