#pragma once

#include "Subsystems/GameInstanceSubsystem.h"

class UGameInstance : public UObject
{
public:
	template <class T>
	T* GetSubsystem() const
	{
		return static_cast<T*>(Subsystem);
	}

	UGameInstanceSubsystem* Subsystem = nullptr;
};
