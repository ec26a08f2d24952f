#include "MlabWaitForImages.h"

#include "MlabTexture.h"

#include "Engine/Engine.h"
#include "Engine/GameInstance.h"
#include "Engine/Texture2D.h"
#include "Engine/World.h"

UMlabWaitForImages* UMlabWaitForImages::WaitForImages(
	UObject* WorldContextObject, const FString& JobId, const FMlabWaitOptions& WaitOptions)
{
	UMlabWaitForImages* Node = NewObject<UMlabWaitForImages>();
	const UWorld* World = GEngine->GetWorldFromContextObject(WorldContextObject, EGetWorldErrorMode::LogAndReturnNull);
	UGameInstance* Game = World == nullptr ? nullptr : World->GetGameInstance();
	if (Game != nullptr)
	{
		Node->Subsystem = Game->GetSubsystem<UMlabSubsystem>();
		// Kept alive until SetReadyToDestroy().
		Node->RegisterWithGameInstance(Game);
	}
	Node->Id = JobId;
	Node->Options = WaitOptions;
	return Node;
}

void UMlabWaitForImages::Activate()
{
	UMlabSubsystem* Waiting = Subsystem.Get();
	if (Waiting == nullptr)
	{
		Failed.Broadcast(-1, TEXT("MLAB_E_INVALID_ARGUMENT"), TEXT("WorldContextObject: it has no game instance"));
		SetReadyToDestroy();
		return;
	}
	const TWeakObjectPtr<UMlabWaitForImages> Weak = this;
	FMlabJobCallbacks Callbacks;
	Callbacks.Progress = [Weak](const FMlabProgress& Now)
	{
		if (UMlabWaitForImages* Self = Weak.Get())
		{
			Self->Progress.Broadcast(Now.Polls, static_cast<float>(Now.ElapsedSeconds), static_cast<float>(Now.EtaSeconds));
		}
	};
	Callbacks.Image = [Weak](FMlabImage&& Image)
	{
		if (UMlabWaitForImages* Self = Weak.Get())
		{
			Self->Textures.SetNum(FMath::Max(Self->Textures.Num(), Image.Index + 1));
			Self->Textures[Image.Index] = MlabMakeTexture(Image);
		}
	};
	Callbacks.Done = [Weak](const FMlabOutcome& Outcome)
	{
		if (UMlabWaitForImages* Self = Weak.Get())
		{
			Self->End(Outcome);
		}
	};
	Job = Waiting->Wait(Id, Options.ForJob(), MoveTemp(Callbacks));
}

void UMlabWaitForImages::End(const FMlabOutcome& Outcome)
{
	if (Outcome.Status == 0)
	{
		Textures.SetNum(Options.bImages ? Outcome.Urls.Num() : 0);
		TArray<UTexture2D*> Plain;
		for (const TObjectPtr<UTexture2D>& Texture : Textures)
		{
			Plain.Add(Texture);
		}
		Ready.Broadcast(Plain, Outcome.Urls);
	}
	else
	{
		Failed.Broadcast(Outcome.Status, Outcome.StatusName, Outcome.Message);
	}
	SetReadyToDestroy();
}

void UMlabWaitForImages::Cancel()
{
	if (UMlabSubsystem* Waiting = Subsystem.Get())
	{
		Waiting->Cancel(Job);
	}
}
