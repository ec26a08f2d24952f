#pragma once

#include "CoreMinimal.h"
#include "Kismet/BlueprintAsyncActionBase.h"

#include "MlabSubsystem.h"

#include "MlabWaitForImages.generated.h"

DECLARE_DYNAMIC_MULTICAST_DELEGATE_ThreeParams(FMlabNodeProgress, int32, Polls, float, ElapsedSeconds, float, EtaSeconds);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FMlabNodeReady, const TArray<UTexture2D*>&, Textures, const TArray<FString>&, Urls);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_ThreeParams(FMlabNodeFailed, int32, Status, const FString&, StatusName, const FString&, Message);

/** A latent Blueprint node: waits for one job, and ends with its textures or with why there are none. */
UCLASS()
class MLABRUNTIME_API UMlabWaitForImages : public UBlueprintAsyncActionBase
{
	GENERATED_BODY()

public:
	/** The id is what the generation call returned. */
	UFUNCTION(BlueprintCallable, Category = "mlab", meta = (BlueprintInternalUseOnly = "true", WorldContext = "WorldContextObject"))
	static UMlabWaitForImages* WaitForImages(UObject* WorldContextObject, UPARAM(DisplayName = "Id") const FString& JobId, UPARAM(DisplayName = "Options") const FMlabWaitOptions& WaitOptions);

	/** Textures are in the order of the links; nullptr where the format has no pixels here. */
	UPROPERTY(BlueprintAssignable)
	FMlabNodeReady Ready;

	UPROPERTY(BlueprintAssignable)
	FMlabNodeFailed Failed;

	UPROPERTY(BlueprintAssignable)
	FMlabNodeProgress Progress;

	/** Stops the wait: Failed follows. */
	UFUNCTION(BlueprintCallable, Category = "mlab")
	void Cancel();

	virtual void Activate() override;

private:
	void End(const FMlabOutcome& Outcome);

	UPROPERTY()
	TArray<TObjectPtr<UTexture2D>> Textures;

	TWeakObjectPtr<UMlabSubsystem> Subsystem;
	FString Id;
	FMlabWaitOptions Options;
	int64 Job = 0;
};
