#pragma once

#include "CoreMinimal.h"

enum EPixelFormat
{
	PF_R8G8B8A8,
};

enum ELockFlags
{
	LOCK_READ_WRITE,
};

struct FByteBulkData
{
	void* Lock(ELockFlags) { return Bytes.data(); }
	void Unlock() {}

	std::vector<uint8> Bytes;
};

struct FTexture2DMipMap
{
	FByteBulkData BulkData;
};

struct FTexturePlatformData
{
	TArray<FTexture2DMipMap> Mips;
};

class UTexture2D : public UObject
{
public:
	static UTexture2D* CreateTransient(int32 Width, int32 Height, EPixelFormat)
	{
		UTexture2D* Texture = NewObject<UTexture2D>();
		Texture->Width = Width;
		Texture->Height = Height;
		FTexture2DMipMap Mip;
		Mip.BulkData.Bytes.resize(static_cast<std::size_t>(Width) * static_cast<std::size_t>(Height) * 4);
		Texture->Data.Mips.Add(std::move(Mip));
		return Texture;
	}
	FTexturePlatformData* GetPlatformData() { return &Data; }
	void UpdateResource() { bIsUploaded = true; }

	bool SRGB = false;
	int32 Width = 0;
	int32 Height = 0;
	bool bIsUploaded = false;

private:
	FTexturePlatformData Data;
};
