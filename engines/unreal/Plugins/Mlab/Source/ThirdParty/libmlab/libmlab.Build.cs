using System.IO;
using UnrealBuildTool;

// libmlab and libmlab_decode, as engines/unreal/add-libraries.sh puts them beside this file:
//
//     include/            mlab.h, mlab.hpp, mlab_decode.h
//     lib/<platform>/     what is linked and what is shipped with the game
public class libmlab : ModuleRules
{
	public libmlab(ReadOnlyTargetRules Target) : base(Target)
	{
		Type = ModuleType.External;
		PublicSystemIncludePaths.Add(Path.Combine(ModuleDirectory, "include"));
		string Folder = Path.Combine(ModuleDirectory, "lib", Target.Platform.ToString());
		foreach (string Library in new string[] { "mlab", "mlab_decode" })
		{
			AddLibrary(Target, Folder, Library);
		}
	}

	void AddLibrary(ReadOnlyTargetRules Target, string Folder, string Library)
	{
		if (Target.Platform == UnrealTargetPlatform.Win64)
		{
			// Delay-loaded: see FMlabRuntimeModule, which looks for it in the plugin's folder first.
			PublicAdditionalLibraries.Add(Path.Combine(Folder, Library + ".lib"));
			PublicDelayLoadDLLs.Add(Library + ".dll");
			RuntimeDependencies.Add(Path.Combine("$(BinaryOutputDir)", Library + ".dll"), Path.Combine(Folder, Library + ".dll"));
		}
		else if (Target.Platform == UnrealTargetPlatform.IOS)
		{
			// iOS loads no shared libraries from a package.
			PublicAdditionalLibraries.Add(Path.Combine(Folder, "lib" + Library + ".a"));
			PublicFrameworks.AddRange(new string[] { "Security", "CoreFoundation" });
		}
		else
		{
			AddShared(Target, Folder, FileName(Target, Library));
		}
	}

	// The name that the library has in itself, its SONAME or install name: the game asks for that at its start.
	static string FileName(ReadOnlyTargetRules Target, string Library)
	{
		if (Target.Platform == UnrealTargetPlatform.Mac)
		{
			return "lib" + Library + ".0.dylib";
		}
		return Target.Platform == UnrealTargetPlatform.Android ? "lib" + Library + ".so" : "lib" + Library + ".so.0";
	}

	void AddShared(ReadOnlyTargetRules Target, string Folder, string FileName)
	{
		string Shipped = Path.Combine(Folder, FileName);
		PublicAdditionalLibraries.Add(Shipped);
		if (Target.Platform == UnrealTargetPlatform.Android)
		{
			// Puts the libraries into the APK.
			string Rules = Path.Combine(ModuleDirectory, "libmlab_APL.xml");
			AdditionalPropertiesForReceipt.Add("AndroidPlugin", Rules);
			return;
		}
		PublicRuntimeLibraryPaths.Add("$(BinaryOutputDir)");
		RuntimeDependencies.Add(Path.Combine("$(BinaryOutputDir)", FileName), Shipped);
	}
}
