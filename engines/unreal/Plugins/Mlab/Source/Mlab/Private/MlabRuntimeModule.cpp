#include "MlabRuntimeModule.h"

#include "CoreMinimal.h"
#include "HAL/PlatformProcess.h"
#include "Interfaces/IPluginManager.h"
#include "Misc/Paths.h"
#include "Modules/ModuleManager.h"

#include <mlab.h>

DEFINE_LOG_CATEGORY_STATIC(LogMlabModule, Log, All);

namespace
{
	bool bIsLoaded = false;

	/** On Windows the library is delay-loaded, so that a missing one is a line in the log and no failure to start. */
	bool Load(const TCHAR* Name)
	{
#if PLATFORM_WINDOWS
		const FString Folder = FPaths::Combine(IPluginManager::Get().FindPlugin(TEXT("Mlab"))->GetBaseDir(), TEXT("Binaries/Win64"));
		// In a packaged game it lies beside the game.
		return FPlatformProcess::GetDllHandle(*FPaths::Combine(Folder, Name)) != nullptr ||
			FPlatformProcess::GetDllHandle(Name) != nullptr;
#else
		return Name != nullptr;
#endif
	}
}

bool MlabIsLoaded()
{
	return bIsLoaded;
}

class FMlabRuntimeModule : public IModuleInterface
{
public:
	virtual void StartupModule() override
	{
		if (!Load(TEXT("mlab.dll")) || !Load(TEXT("mlab_decode.dll")))
		{
			UE_LOG(LogMlabModule, Error, TEXT("mlab.dll or mlab_decode.dll was not found: run engines/unreal/add-libraries.sh and build again"));
		}
		else if (mlab_abi_version() != MLAB_ABI_VERSION || mlab_version_number() < MLAB_VERSION_NUMBER)
		{
			UE_LOG(LogMlabModule, Error, TEXT("the mlab library that was found is older than this plugin: ship the one of its ThirdParty folder"));
		}
		else
		{
			bIsLoaded = true;
		}
	}
	/* The library stays loaded: it may have a thread that the system will not give up. */
};

IMPLEMENT_MODULE(FMlabRuntimeModule, MlabRuntime)
