#pragma once

#include "CoreMinimal.h"

#include "MlabJobs.h"

class UTexture2D;

/** A texture of an image's pixels; nullptr if it has none, or the engine gives no texture of that size. Game thread only. */
UTexture2D* MlabMakeTexture(const FMlabImage& Image);
