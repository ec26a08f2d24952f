#pragma once

#include "CoreMinimal.h"

class FSubsystemCollectionBase
{
};

class UGameInstanceSubsystem : public UObject
{
public:
	virtual bool ShouldCreateSubsystem(UObject*) const { return true; }
	virtual void Initialize(FSubsystemCollectionBase&) {}
	virtual void Deinitialize() {}

protected:
	/* What the engine's header tool writes into a class that derives from this one. */
	using Super = UGameInstanceSubsystem;
};
