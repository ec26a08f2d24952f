/* Objects of the engine, without its garbage collector: they live until the program ends. */
#pragma once

#include "CoreContainers.h"
#include "CorePointers.h"

#define UCLASS(...)
#define USTRUCT(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define UPARAM(...)
#define GENERATED_BODY()

class UWorld;

class UObject
{
public:
	virtual ~UObject() = default;
	virtual UWorld* GetWorld() const { return nullptr; }
};

template <class T>
T* NewObject()
{
	static std::vector<std::unique_ptr<T>> All;
	All.emplace_back(new T());
	return All.back().get();
}

/* The one object that holds a class's defaults. */
template <class T>
T* GetMutableDefault()
{
	static T* const Defaults = new T();
	return Defaults;
}

template <class T>
const T* GetDefault()
{
	return GetMutableDefault<T>();
}

template <class T>
class TWeakObjectPtr
{
public:
	TWeakObjectPtr() = default;
	TWeakObjectPtr(T* InObject) : Object(InObject) {}
	TWeakObjectPtr& operator=(T* InObject)
	{
		Object = InObject;
		return *this;
	}
	T* Get() const { return Object; }

private:
	T* Object = nullptr;
};

template <class T>
class TObjectPtr
{
public:
	TObjectPtr() = default;
	TObjectPtr(T* InObject) : Object(InObject) {}
	operator T*() const { return Object; }

private:
	T* Object = nullptr;
};

/* A signal that Blueprint binds to; here the test does, through Bound. */
template <class... Parameters>
class TSignal
{
public:
	std::vector<std::function<void(Parameters...)>> Bound;

	void Broadcast(Parameters... Values) const
	{
		for (const auto& Receiver : Bound)
		{
			Receiver(Values...);
		}
	}
};

#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(Name, A, a, B, b) class Name : public TSignal<A, B> {}
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_ThreeParams(Name, A, a, B, b, C, c) class Name : public TSignal<A, B, C> {}
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_FourParams(Name, A, a, B, b, C, c, D, d) class Name : public TSignal<A, B, C, D> {}
