#pragma once

#include "Engine/World.h"

enum class EGetWorldErrorMode
{
	LogAndReturnNull,
};

class UEngine : public UObject
{
public:
	UWorld* GetWorldFromContextObject(const UObject* Object, EGetWorldErrorMode) const
	{
		return Object == nullptr ? nullptr : Object->GetWorld();
	}
};

inline UEngine EngineOfTheTest;
inline UEngine* GEngine = &EngineOfTheTest;
