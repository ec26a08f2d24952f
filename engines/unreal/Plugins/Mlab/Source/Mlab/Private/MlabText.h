// Between the engine's texts, which are UTF-16, and the library's, which are UTF-8.

#pragma once

#include "CoreMinimal.h"

#include <mlab.hpp>

#include <string>

namespace MlabText
{
	/** A NUL inside stays there, and mlab.hpp refuses it with a message. */
	inline std::string ToUtf8(const FString& Text)
	{
		const FTCHARToUTF8 Converted(*Text, Text.Len());
		return std::string(reinterpret_cast<const char*>(Converted.Get()), static_cast<size_t>(Converted.Length()));
	}

	inline FString FromUtf8(const char* Text)
	{
		return FString(UTF8_TO_TCHAR(Text));
	}

	/** Of a view that the library lends: a NUL follows it. */
	inline FString FromUtf8(mlab::string_view Text)
	{
		return Text.empty() ? FString() : FromUtf8(Text.data());
	}

	inline double Seconds(int64 Milliseconds)
	{
		return Milliseconds < 0 ? -1.0 : static_cast<double>(Milliseconds) / 1000.0;
	}
}
