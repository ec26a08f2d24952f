#pragma once

#include "CoreMinimal.h"

class IModuleInterface
{
public:
	virtual ~IModuleInterface() = default;
	virtual void StartupModule() {}
	virtual void ShutdownModule() {}
};

/* The test starts the module by this function. */
#define IMPLEMENT_MODULE(Class, Name) \
	void StartModule();               \
	void StartModule()                \
	{                                 \
		static Class Module;          \
		Module.StartupModule();       \
	}
