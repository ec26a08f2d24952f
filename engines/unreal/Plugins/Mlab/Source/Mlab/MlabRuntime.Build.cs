using UnrealBuildTool;

// The module is not named Mlab: Unreal defines the macro <MODULE>_API, and MLAB_API is the one of mlab.h.
public class MlabRuntime : ModuleRules
{
	public MlabRuntime(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		PublicDependencyModuleNames.AddRange(new string[] { "Core", "CoreUObject", "Engine" });
		PrivateDependencyModuleNames.AddRange(new string[] { "DeveloperSettings", "HTTP", "Projects", "libmlab" });
	}
}
