#pragma once

#include "CoreMinimal.h"
#include "Containers/Ticker.h"
#include "Subsystems/GameInstanceSubsystem.h"

#include "MlabJobs.h"

#include "MlabSubsystem.generated.h"

class UTexture2D;

/** How to wait for one job. */
USTRUCT(BlueprintType)
struct MLABRUNTIME_API FMlabWaitOptions
{
	GENERATED_BODY()

	/** Seconds that the generation call said the job would take; negative if it did not. It saves polls and waiting. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "mlab")
	float EtaSeconds = -1.0f;

	/** Seconds after which the job ends with MLAB_E_DEADLINE; negative for 600. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "mlab")
	float DeadlineSeconds = -1.0f;

	/** False to get the links alone. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "mlab")
	bool bImages = true;

	FMlabJobOptions ForJob() const;
};

DECLARE_DYNAMIC_MULTICAST_DELEGATE_FourParams(FMlabProgressSignal, int64, Job, int32, Polls, float, ElapsedSeconds, float, EtaSeconds);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_FourParams(FMlabImageSignal, int64, Job, int32, Index, UTexture2D*, Texture, const FString&, Type);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FMlabReadySignal, int64, Job, const TArray<FString>&, Urls);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_FourParams(FMlabFailedSignal, int64, Job, int32, Status, const FString&, StatusName, const FString&, Message);

/**
 * Waits for queued images and hands them over as textures.
 *
 * An API key inside a game is public. Set the endpoint (project settings, Plugins, mlab) to a server of yours, and the key here
 * to that server's token for the player. While you develop, the environment variables MLAB_ENDPOINT and MODELSLAB_API_KEY
 * are enough: they are read where neither is set, and by no shipping build.
 *
 * Each job ends with exactly one OnReady or OnFailed; OnProgress and OnImage come before. All on the game thread.
 */
UCLASS()
class MLABRUNTIME_API UMlabSubsystem : public UGameInstanceSubsystem
{
	GENERATED_BODY()

public:
	virtual bool ShouldCreateSubsystem(UObject* Outer) const override;
	virtual void Initialize(FSubsystemCollectionBase& Collection) override;
	virtual void Deinitialize() override;

	/** The player's token for your endpoint. Jobs that are open go on with the key that they were opened with. */
	UFUNCTION(BlueprintCallable, Category = "mlab")
	void SetKey(const FString& NewKey);

	/** Opens a job and gives its number, which is never 0. The id is what the generation call returned. */
	UFUNCTION(BlueprintCallable, Category = "mlab")
	int64 WaitFor(const FString& Id, const FMlabWaitOptions& Options);

	/** Stops a job: OnFailed follows. The work at the server goes on; wait for the same id again to get its images. */
	UFUNCTION(BlueprintCallable, Category = "mlab")
	bool Cancel(int64 Job);

	UFUNCTION(BlueprintCallable, Category = "mlab")
	void CancelAll();

	/** Jobs that are open. */
	UFUNCTION(BlueprintPure, Category = "mlab")
	int32 GetPending() const;

	/** After each poll that did not end the job. The eta is negative if the server gave none. */
	UPROPERTY(BlueprintAssignable, Category = "mlab")
	FMlabProgressSignal OnProgress;

	/** An image of a job. No texture: it is in a format without pixels here, or damaged, and the log says which. */
	UPROPERTY(BlueprintAssignable, Category = "mlab")
	FMlabImageSignal OnImage;

	UPROPERTY(BlueprintAssignable, Category = "mlab")
	FMlabReadySignal OnReady;

	UPROPERTY(BlueprintAssignable, Category = "mlab")
	FMlabFailedSignal OnFailed;

	/** The same for C++, with callbacks in place of the signals. */
	int64 Wait(const FString& Id, const FMlabJobOptions& Options, FMlabJobCallbacks Callbacks);

private:
	bool Tick(float DeltaSeconds);
	FMlabJobs& Open();

	FString Key;
	/** Jobs with the current key, once there was one. */
	TUniquePtr<FMlabJobs> Jobs;
	/** Those of earlier keys, until their last has ended. */
	TArray<TUniquePtr<FMlabJobs>> Earlier;
	FTSTicker::FDelegateHandle Ticker;
};
