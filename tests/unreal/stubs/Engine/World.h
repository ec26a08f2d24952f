#pragma once

#include "CoreMinimal.h"

class UGameInstance;

class UWorld : public UObject
{
public:
	UGameInstance* GetGameInstance() const { return Game; }
	UWorld* GetWorld() const override { return const_cast<UWorld*>(this); }

	UGameInstance* Game = nullptr;
};
