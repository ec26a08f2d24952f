// The part of Unreal's build tool that the rules of the plugin use, and a program that prints what they say for a platform.
using System;
using System.Collections.Generic;
using System.IO;

namespace UnrealBuildTool
{
	public struct UnrealTargetPlatform
	{
		readonly string Name;
		UnrealTargetPlatform(string InName) { Name = InName; }
		public static readonly UnrealTargetPlatform Win64 = new UnrealTargetPlatform("Win64");
		public static readonly UnrealTargetPlatform Mac = new UnrealTargetPlatform("Mac");
		public static readonly UnrealTargetPlatform Android = new UnrealTargetPlatform("Android");
		public static readonly UnrealTargetPlatform IOS = new UnrealTargetPlatform("IOS");
		public static UnrealTargetPlatform Of(string InName) { return new UnrealTargetPlatform(InName); }
		public override string ToString() { return Name; }
		public override bool Equals(object Other) { return Other is UnrealTargetPlatform && ((UnrealTargetPlatform)Other).Name == Name; }
		public override int GetHashCode() { return Name.GetHashCode(); }
		public static bool operator ==(UnrealTargetPlatform A, UnrealTargetPlatform B) { return A.Equals(B); }
		public static bool operator !=(UnrealTargetPlatform A, UnrealTargetPlatform B) { return !A.Equals(B); }
	}

	public class ReadOnlyTargetRules
	{
		public UnrealTargetPlatform Platform { get; set; }
	}

	public class RuntimeDependencyList
	{
		public readonly List<string> All = new List<string>();
		public void Add(string To, string From) { All.Add(To + " from " + From); }
	}

	public class ReceiptPropertyList
	{
		public readonly List<string> All = new List<string>();
		public void Add(string Name, string Value) { All.Add(Name + " " + Value); }
	}

	public class ModuleRules
	{
		public enum ModuleType { CPlusPlus, External }
		public enum PCHUsageMode { UseExplicitOrSharedPCHs }

		public ModuleRules(ReadOnlyTargetRules Target) { }
		public string ModuleDirectory { get { return ""; } }
		public ModuleType Type;
		public PCHUsageMode PCHUsage;
		public readonly List<string> PublicDependencyModuleNames = new List<string>();
		public readonly List<string> PrivateDependencyModuleNames = new List<string>();
		public readonly List<string> PublicSystemIncludePaths = new List<string>();
		public readonly List<string> PublicAdditionalLibraries = new List<string>();
		public readonly List<string> PublicDelayLoadDLLs = new List<string>();
		public readonly List<string> PublicRuntimeLibraryPaths = new List<string>();
		public readonly List<string> PublicFrameworks = new List<string>();
		public readonly RuntimeDependencyList RuntimeDependencies = new RuntimeDependencyList();
		public readonly ReceiptPropertyList AdditionalPropertiesForReceipt = new ReceiptPropertyList();
	}

	static class Program
	{
		static void Print(string What, IEnumerable<string> Lines)
		{
			foreach (string Line in Lines)
			{
				Console.WriteLine(What + " " + Line);
			}
		}

		static int Main(string[] Arguments)
		{
			ReadOnlyTargetRules Target = new ReadOnlyTargetRules { Platform = UnrealTargetPlatform.Of(Arguments[0]) };
			ModuleRules Library = new libmlab(Target);
			ModuleRules Module = new MlabRuntime(Target);
			if (Library.Type != ModuleRules.ModuleType.External || !Module.PrivateDependencyModuleNames.Contains("libmlab"))
			{
				return 1;
			}
			Print("link", Library.PublicAdditionalLibraries);
			Print("delay", Library.PublicDelayLoadDLLs);
			Print("search", Library.PublicRuntimeLibraryPaths);
			Print("ship", Library.RuntimeDependencies.All);
			Print("receipt", Library.AdditionalPropertiesForReceipt.All);
			Print("framework", Library.PublicFrameworks);
			return 0;
		}
	}
}
