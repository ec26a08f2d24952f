#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"

#include "MlabSettings.generated.h"

/** Project settings, Plugins, mlab. No key stands here: what is in a project's settings is in every copy of the game. */
UCLASS(Config = Game, DefaultConfig, meta = (DisplayName = "mlab"))
class MLABRUNTIME_API UMlabSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** The URL that jobs are asked for at, with {id} in it: a server of yours that takes a token of the player. Empty: the
	 *  service's own, which takes the API key alone. */
	UPROPERTY(Config, EditAnywhere, BlueprintReadOnly, Category = "mlab")
	FString Endpoint;

	/** Polls and downloads by the engine's HTTP in place of the library's own: for platforms that allow no sockets. It follows
	 *  redirects by itself, so the endpoint must have none. */
	UPROPERTY(Config, EditAnywhere, BlueprintReadOnly, Category = "mlab")
	bool bUseEngineHttp = false;

	/** How long signals, textures and new jobs may take in a frame, in milliseconds. What does not fit comes in the next one. */
	UPROPERTY(Config, EditAnywhere, BlueprintReadOnly, Category = "mlab", meta = (ClampMin = "0.1", ClampMax = "1000"))
	float FrameLimitMs = 1.0f;

	virtual FName GetCategoryName() const override;
};
