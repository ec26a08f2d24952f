#pragma once

#include "CoreMinimal.h"

class UBlueprintAsyncActionBase : public UObject
{
public:
	virtual void Activate() {}
	void RegisterWithGameInstance(const UObject*) { bIsKept = true; }
	void SetReadyToDestroy() { bIsKept = false; }

	bool bIsKept = false;
};
