/* Numbers, texts, time. Text is UTF-16, as the engine's is. */
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>

using int32 = std::int32_t;
using int64 = std::int64_t;
using uint8 = std::uint8_t;
using uint32 = std::uint32_t;
using uint64 = std::uint64_t;
using SIZE_T = std::size_t;
using ANSICHAR = char;
using TCHAR = char16_t;

#define TEXT(literal) u##literal
#define MLABRUNTIME_API
#define UE_BUILD_SHIPPING 0
#define PLATFORM_WINDOWS 0

/* The engine refuses what does not move. */
template <class T>
std::remove_reference_t<T>&& MoveTemp(T&& Object)
{
	static_assert(std::is_lvalue_reference<T>::value, "called on an rvalue");
	static_assert(!std::is_const<std::remove_reference_t<T>>::value, "called on a const object");
	return static_cast<std::remove_reference_t<T>&&>(Object);
}

struct FMath
{
	template <class T>
	static constexpr T Max(const T A, const T B)
	{
		return A < B ? B : A;
	}
};

struct FMemory
{
	static void* Memcpy(void* Into, const void* From, SIZE_T Count) { return std::memcpy(Into, From, Count); }
};

namespace ESearchCase
{
	enum Type
	{
		CaseSensitive,
		IgnoreCase,
	};
}

class FString
{
public:
	FString() = default;
	FString(const TCHAR* InText) : Text(InText) {}

	const TCHAR* operator*() const { return Text.c_str(); }
	int32 Len() const { return static_cast<int32>(Text.size()); }
	bool IsEmpty() const { return Text.empty(); }
	bool Equals(const FString& Other, ESearchCase::Type Case = ESearchCase::CaseSensitive) const
	{
		return Case == ESearchCase::CaseSensitive ? Text == Other.Text : Lower(Text) == Lower(Other.Text);
	}
	/* Whatever the case of the letters. */
	bool StartsWith(const FString& Start) const { return Lower(Text).compare(0, Start.Text.size(), Lower(Start.Text)) == 0; }
	friend bool operator==(const FString& A, const FString& B) { return A.Equals(B, ESearchCase::IgnoreCase); }
	friend bool operator!=(const FString& A, const FString& B) { return !(A == B); }

	std::u16string Text;

private:
	static std::u16string Lower(std::u16string Text)
	{
		for (char16_t& Letter : Text)
		{
			if (Letter >= u'A' && Letter <= u'Z')
			{
				Letter = static_cast<char16_t>(Letter + 32);
			}
		}
		return Text;
	}
};

class FName
{
public:
	FName(const TCHAR*) {}
};

class FTCHARToUTF8
{
public:
	FTCHARToUTF8(const TCHAR* From, int32 Length)
	{
		for (int32 Index = 0; Index < Length; Index++)
		{
			char32_t Code = From[Index];
			if (Code >= 0xD800 && Code < 0xDC00 && Index + 1 < Length)
			{
				Code = 0x10000 + ((Code - 0xD800) << 10) + (static_cast<char32_t>(From[++Index]) - 0xDC00);
			}
			Add(Code);
		}
	}
	const ANSICHAR* Get() const { return Bytes.c_str(); }
	int32 Length() const { return static_cast<int32>(Bytes.size()); }

private:
	void Add(char32_t Code)
	{
		if (Code < 0x80)
		{
			Bytes += static_cast<char>(Code);
			return;
		}
		const int More = Code < 0x800 ? 1 : Code < 0x10000 ? 2 : 3;
		Bytes += static_cast<char>((0xF00 >> More & 0xFF) | static_cast<int>(Code >> (6 * More)));
		for (int Left = More - 1; Left >= 0; Left--)
		{
			Bytes += static_cast<char>(0x80 | (Code >> (6 * Left) & 0x3F));
		}
	}
	std::string Bytes;
};

class FUTF8ToTCHAR
{
public:
	explicit FUTF8ToTCHAR(const ANSICHAR* From)
	{
		while (*From != '\0')
		{
			const unsigned char First = static_cast<unsigned char>(*From++);
			const int More = First < 0x80 ? 0 : First < 0xE0 ? 1 : First < 0xF0 ? 2 : 3;
			char32_t Code = More == 0 ? First : First & (0x3Fu >> More);
			for (int Left = More; Left > 0 && *From != '\0'; Left--)
			{
				Code = Code << 6 | (static_cast<unsigned char>(*From++) & 0x3Fu);
			}
			if (Code >= 0x10000)
			{
				Text += static_cast<char16_t>(0xD7C0 + (Code >> 10));
				Code = 0xDC00 + (Code & 0x3FF);
			}
			Text += static_cast<char16_t>(Code);
		}
	}
	const TCHAR* Get() const { return Text.c_str(); }

private:
	std::u16string Text;
};

#define UTF8_TO_TCHAR(text) (FUTF8ToTCHAR(text).Get())

/* Errors and warnings of the log are counted, not formatted. */
inline int& LogErrors()
{
	static int Count = 0;
	return Count;
}

#define DEFINE_LOG_CATEGORY_STATIC(Name, Level, All) static const char* const Name [[maybe_unused]] = #Name

template <class... Values>
void LogEntry(const char*, const TCHAR*, const Values&...)
{
	LogErrors()++;
}

#define UE_LOG(Category, Level, ...) LogEntry(Category, __VA_ARGS__)
