/* The subsystem and the latent node, with the engine's objects played by the stand-ins. */
#include "checks.h"

#include "MlabRuntimeModule.h"
#include "MlabSettings.h"
#include "MlabSubsystem.h"
#include "MlabWaitForImages.h"

#include "Engine/Engine.h"
#include "Engine/GameInstance.h"
#include "Engine/Texture2D.h"

#include <mlab.h>
#include <mlab_decode.h>

#include <fstream>
#include <iterator>

void StartModule();

namespace
{
	void Frame()
	{
		FTSTicker::GetCoreTicker().Tick(0.016f);
	}

	/* Whether a texture has the pixels of a file that the server serves. */
	bool IsOfFile(UTexture2D* Texture, const std::string& Name)
	{
		const char* Folder = std::getenv("MLAB_TEST_IMAGES");
		std::ifstream File(std::string(Folder == nullptr ? "" : Folder) + "/" + Name, std::ios::binary);
		const std::string Bytes((std::istreambuf_iterator<char>(File)), std::istreambuf_iterator<char>());
		mlab_decode_image* Image = nullptr;
		size_t Size = 0;
		mlab_decode_rgba8(Bytes.data(), Bytes.size(), 0, &Image);
		const uint8* Pixels = mlab_decode_image_pixels(Image, &Size);
		const std::vector<uint8>& Got = Texture->GetPlatformData()->Mips[0].BulkData.Bytes;
		const bool bIsSame = Size > 0 && Got.size() == Size && std::memcmp(Got.data(), Pixels, Size) == 0;
		mlab_decode_image_free(Image);
		return bIsSame && Texture->SRGB && Texture->bIsUploaded;
	}

	struct FGame
	{
		UGameInstance Instance;
		UWorld World;
		UMlabSubsystem Subsystem;
		FSubsystemCollectionBase Collection;
		int32 Polls = 0, Images = 0, Textures = 0, Ready = 0, Failed = 0, LastStatus = 0;

		FGame()
		{
			CHECK(Subsystem.ShouldCreateSubsystem(&Instance));
			Subsystem.Initialize(Collection);
			Instance.Subsystem = &Subsystem;
			World.Game = &Instance;
			Subsystem.OnProgress.Bound.push_back([this](int64, int32, float, float) { Polls++; });
			Subsystem.OnImage.Bound.push_back(
				[this](int64, int32 Index, UTexture2D* Texture, const FString& Type)
				{
					Images++;
					CHECK(Index >= 0 && !Type.IsEmpty());
					Textures += Texture == nullptr ? 0 : 1;
				});
			Subsystem.OnReady.Bound.push_back([this](int64, const TArray<FString>& Urls) { Ready += Urls.Num() > 0 ? 1 : 0; });
			Subsystem.OnFailed.Bound.push_back(
				[this](int64, int32 Status, const FString& Name, const FString& Message)
				{
					Failed++;
					LastStatus = Status;
					CHECK(!Name.IsEmpty() && !Message.IsEmpty());
				});
		}
		~FGame() { Subsystem.Deinitialize(); }
	};

	void Signals()
	{
		FGame Game;
		CHECK(Game.Subsystem.WaitFor(TEXT("1-signals"), FMlabWaitOptions()) != 0);
		CHECK(Game.Subsystem.GetPending() == 1);
		CHECK(Until(Frame, [&] { return Game.Subsystem.GetPending() == 0; }));
		CHECK(Game.Ready == 1 && Game.Failed == 0 && Game.Textures == 4 && Game.Images == 4);
		CHECK(Game.Polls > 0);

		// A job goes on with the key that it was opened with; the next has the new one.
		const int64 Old = Game.Subsystem.WaitFor(TEXT("never-1"), FMlabWaitOptions());
		Frame();
		Game.Subsystem.SetKey(TEXT("another-key-not-real"));
		Game.Subsystem.WaitFor(TEXT("1-key"), FMlabWaitOptions());
		CHECK(Until(Frame, [&] { return Game.Failed == 1; }));
		CHECK(Game.LastStatus == MLAB_E_AUTH && Game.Subsystem.GetPending() == 1);
		CHECK(Game.Subsystem.Cancel(Old) && !Game.Subsystem.Cancel(Old + 1000));
		CHECK(Until(Frame, [&] { return Game.Failed == 2; }));
		CHECK(Game.LastStatus == MLAB_E_CANCELLED && Game.Subsystem.GetPending() == 0);
		for (int32 Number = 0; Number < 3; Number++)
		{
			Game.Subsystem.WaitFor(TEXT("never-2"), FMlabWaitOptions());
		}
		Game.Subsystem.CancelAll();
		CHECK(Until(Frame, [&] { return Game.Failed == 5; }));
		// Open jobs end with the game, without a signal.
		Game.Subsystem.WaitFor(TEXT("never-3"), FMlabWaitOptions());
		Frame();
	}

	void Node()
	{
		FGame Game;
		int32 Ready = 0, Status = 0;
		UMlabWaitForImages* Waiting = UMlabWaitForImages::WaitForImages(&Game.World, TEXT("1-a"), FMlabWaitOptions());
		Waiting->Ready.Bound.push_back(
			[&](const TArray<UTexture2D*>& Textures, const TArray<FString>& Urls)
			{
				Ready++;
				CHECK(Textures.Num() == Urls.Num());
				const char* const Decoded[] = {"png", "jpg", "webp", "gif"};
				int32 Same = 0;
				for (int32 Index = 0; Index < Textures.Num(); Index++)
				{
					for (const char* Ending : Decoded)
					{
						const std::string Name = "1-a-" + std::to_string(Index) + "." + Ending;
						Same += Textures[Index] != nullptr && IsOfFile(Textures[Index], Name) ? 1 : 0;
					}
				}
				CHECK(Same == 4);
			});
		Waiting->Activate();
		CHECK(Waiting->bIsKept);
		CHECK(Until(Frame, [&] { return Ready > 0; }));
		CHECK(!Waiting->bIsKept);

		UMlabWaitForImages* Cancelled = UMlabWaitForImages::WaitForImages(&Game.World, TEXT("never-1"), FMlabWaitOptions());
		Cancelled->Failed.Bound.push_back([&](int32 Given, const FString&, const FString&) { Status = Given; });
		Cancelled->Activate();
		Frame();
		Cancelled->Cancel();
		CHECK(Until(Frame, [&] { return Status != 0; }));
		CHECK(Status == MLAB_E_CANCELLED && !Cancelled->bIsKept);

		Status = 0;
		UMlabWaitForImages* Nowhere = UMlabWaitForImages::WaitForImages(nullptr, TEXT("1"), FMlabWaitOptions());
		Nowhere->Failed.Bound.push_back([&](int32 Given, const FString&, const FString&) { Status = Given; });
		Nowhere->Activate();
		CHECK(Status == MLAB_E_INVALID_ARGUMENT);
	}
}

int main()
{
	CHECK(!MlabIsLoaded());
	StartModule();
	CHECK(MlabIsLoaded() && LogErrors() == 0);
	GetMutableDefault<UMlabSettings>()->FrameLimitMs = 2.0f;
	Signals();
	GetMutableDefault<UMlabSettings>()->bUseEngineHttp = true;
	Node();
	return Failures == 0 ? 0 : 1;
}
