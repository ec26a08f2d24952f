#pragma once

#include "CoreMinimal.h"

struct FPlatformMisc
{
	static FString GetEnvironmentVariable(const TCHAR* Name)
	{
		std::string Plain;
		for (const TCHAR* Letter = Name; *Letter != 0; Letter++)
		{
			Plain += static_cast<char>(*Letter);
		}
		const char* Value = std::getenv(Plain.c_str());
		return Value == nullptr ? FString() : FString(UTF8_TO_TCHAR(Value));
	}
};
