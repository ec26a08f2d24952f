#pragma once

#include "CoreTypes.h"

#include <memory>

enum class ESPMode
{
	NotThreadSafe,
	ThreadSafe,
};

template <class T, ESPMode Mode>
class TSharedPtr;
template <class T, ESPMode Mode>
class TWeakPtr;

/* Never null. */
template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedRef
{
public:
	explicit TSharedRef(std::shared_ptr<T> InOwned) : Owned(std::move(InOwned)) {}
	template <class U, class = std::enable_if_t<std::is_convertible<U*, T*>::value>>
	TSharedRef(const TSharedRef<U, Mode>& Other) : Owned(Other.Owned)
	{
	}
	T* operator->() const { return Owned.get(); }
	T& operator*() const { return *Owned; }

	std::shared_ptr<T> Owned;
};

template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TSharedPtr
{
public:
	TSharedPtr() = default;
	TSharedPtr(std::nullptr_t) {}
	explicit TSharedPtr(std::shared_ptr<T> InOwned) : Owned(std::move(InOwned)) {}
	template <class U, class = std::enable_if_t<std::is_convertible<U*, T*>::value>>
	TSharedPtr(const TSharedRef<U, Mode>& Other) : Owned(Other.Owned)
	{
	}
	template <class U, class = std::enable_if_t<std::is_convertible<U*, T*>::value>>
	TSharedPtr(const TSharedPtr<U, Mode>& Other) : Owned(Other.Owned)
	{
	}
	bool IsValid() const { return Owned != nullptr; }
	explicit operator bool() const { return IsValid(); }
	T* Get() const { return Owned.get(); }
	T* operator->() const { return Owned.get(); }
	T& operator*() const { return *Owned; }
	void Reset() { Owned.reset(); }
	TSharedRef<T, Mode> ToSharedRef() const
	{
		if (!IsValid())
		{
			std::abort();
		}
		return TSharedRef<T, Mode>(Owned);
	}

	std::shared_ptr<T> Owned;
};

template <class T, ESPMode Mode = ESPMode::ThreadSafe>
class TWeakPtr
{
public:
	TWeakPtr(const TSharedRef<T, Mode>& Other) : Watched(Other.Owned) {}
	TSharedPtr<T, Mode> Pin() const { return TSharedPtr<T, Mode>(Watched.lock()); }

private:
	std::weak_ptr<T> Watched;
};

template <class T, ESPMode Mode = ESPMode::ThreadSafe, class... Arguments>
TSharedRef<T, Mode> MakeShared(Arguments&&... Given)
{
	return TSharedRef<T, Mode>(std::make_shared<T>(std::forward<Arguments>(Given)...));
}

template <class T>
class TUniquePtr
{
public:
	TUniquePtr() = default;
	explicit TUniquePtr(T* Owned) : Own(Owned) {}
	bool IsValid() const { return Own != nullptr; }
	T* Get() const { return Own.get(); }
	T* operator->() const { return Own.get(); }
	T& operator*() const { return *Own; }
	void Reset() { Own.reset(); }

private:
	std::unique_ptr<T> Own;
};

template <class T, class... Arguments>
TUniquePtr<T> MakeUnique(Arguments&&... Given)
{
	return TUniquePtr<T>(new T(std::forward<Arguments>(Given)...));
}
