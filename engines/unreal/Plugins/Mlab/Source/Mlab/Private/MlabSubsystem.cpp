#include "MlabSubsystem.h"

#include "MlabRuntimeModule.h"
#include "MlabSettings.h"
#include "MlabTexture.h"

#include "Engine/Texture2D.h"
#include "HAL/PlatformMisc.h"

DEFINE_LOG_CATEGORY_STATIC(LogMlab, Log, All);

namespace
{
	/** What was set, else the environment's while the game is developed: a shipped game sends no key that its player has there. */
	FString Resolve(const FString& Set, const TCHAR* Variable)
	{
#if UE_BUILD_SHIPPING
		return Set;
#else
		return Set.IsEmpty() ? FPlatformMisc::GetEnvironmentVariable(Variable) : Set;
#endif
	}
}

FMlabJobOptions FMlabWaitOptions::ForJob() const
{
	FMlabJobOptions Out;
	Out.EtaSeconds = static_cast<double>(EtaSeconds);
	Out.DeadlineSeconds = static_cast<double>(DeadlineSeconds);
	Out.bImages = bImages;
	return Out;
}

bool UMlabSubsystem::ShouldCreateSubsystem(UObject* Outer) const
{
	return MlabIsLoaded() && Super::ShouldCreateSubsystem(Outer);
}

void UMlabSubsystem::Initialize(FSubsystemCollectionBase& Collection)
{
	Super::Initialize(Collection);
	Ticker = FTSTicker::GetCoreTicker().AddTicker(FTickerDelegate::CreateUObject(this, &UMlabSubsystem::Tick));
}

void UMlabSubsystem::Deinitialize()
{
	FTSTicker::GetCoreTicker().RemoveTicker(Ticker);
	Earlier.Empty();
	Jobs.Reset();
	Super::Deinitialize();
}

void UMlabSubsystem::SetKey(const FString& NewKey)
{
	if (Jobs.IsValid())
	{
		Earlier.Add(MoveTemp(Jobs));
	}
	Key = NewKey;
}

FMlabJobs& UMlabSubsystem::Open()
{
	if (!Jobs.IsValid())
	{
		const UMlabSettings* Project = GetDefault<UMlabSettings>();
		FMlabClientSettings Settings;
		Settings.Key = Resolve(Key, TEXT("MODELSLAB_API_KEY"));
		Settings.Endpoint = Resolve(Project->Endpoint, TEXT("MLAB_ENDPOINT"));
		Settings.bUseEngineHttp = Project->bUseEngineHttp;
		Jobs = MakeUnique<FMlabJobs>(Settings);
	}
	return *Jobs;
}

int64 UMlabSubsystem::Wait(const FString& Id, const FMlabJobOptions& Options, FMlabJobCallbacks Callbacks)
{
	return Open().Wait(Id, Options, MoveTemp(Callbacks));
}

int64 UMlabSubsystem::WaitFor(const FString& Id, const FMlabWaitOptions& Options)
{
	// Known before the first callback: those come from Tick().
	const TSharedRef<int64> Job = MakeShared<int64>(0);
	const TWeakObjectPtr<UMlabSubsystem> Weak = this;
	FMlabJobCallbacks Callbacks;
	Callbacks.Progress = [Weak, Job](const FMlabProgress& Progress)
	{
		if (UMlabSubsystem* Self = Weak.Get())
		{
			Self->OnProgress.Broadcast(
				*Job, Progress.Polls, static_cast<float>(Progress.ElapsedSeconds), static_cast<float>(Progress.EtaSeconds));
		}
	};
	Callbacks.Image = [Weak, Job](FMlabImage&& Image)
	{
		if (!Image.Error.IsEmpty())
		{
			UE_LOG(LogMlab, Warning, TEXT("image %d of job %lld: %s"), Image.Index, *Job, *Image.Error);
		}
		if (UMlabSubsystem* Self = Weak.Get())
		{
			Self->OnImage.Broadcast(*Job, Image.Index, MlabMakeTexture(Image), Image.Type);
		}
	};
	Callbacks.Done = [Weak, Job](const FMlabOutcome& Outcome)
	{
		UMlabSubsystem* Self = Weak.Get();
		if (Self == nullptr)
		{
			return;
		}
		if (Outcome.Status == 0)
		{
			Self->OnReady.Broadcast(*Job, Outcome.Urls);
		}
		else
		{
			Self->OnFailed.Broadcast(*Job, Outcome.Status, Outcome.StatusName, Outcome.Message);
		}
	};
	*Job = Wait(Id, Options.ForJob(), MoveTemp(Callbacks));
	return *Job;
}

bool UMlabSubsystem::Cancel(int64 Job)
{
	bool bFound = Jobs.IsValid() && Jobs->Cancel(Job);
	for (const TUniquePtr<FMlabJobs>& Others : Earlier)
	{
		bFound = bFound || Others->Cancel(Job);
	}
	return bFound;
}

void UMlabSubsystem::CancelAll()
{
	if (Jobs.IsValid())
	{
		Jobs->CancelAll();
	}
	for (const TUniquePtr<FMlabJobs>& Others : Earlier)
	{
		Others->CancelAll();
	}
}

int32 UMlabSubsystem::GetPending() const
{
	int32 Pending = Jobs.IsValid() ? Jobs->Num() : 0;
	for (const TUniquePtr<FMlabJobs>& Others : Earlier)
	{
		Pending += Others->Num();
	}
	return Pending;
}

bool UMlabSubsystem::Tick(float)
{
	const double Limit = static_cast<double>(GetDefault<UMlabSettings>()->FrameLimitMs) / 1000.0;
	// A callback may set another key, and so move the jobs: they are looked for anew, by place.
	for (int32 Index = Earlier.Num() - 1; Index >= 0; Index--)
	{
		Earlier[Index]->Pump(Limit);
		if (Earlier.IsValidIndex(Index) && Earlier[Index]->Num() == 0)
		{
			Earlier.RemoveAt(Index);
		}
	}
	if (Jobs.IsValid())
	{
		Jobs->Pump(Limit);
	}
	return true;
}
