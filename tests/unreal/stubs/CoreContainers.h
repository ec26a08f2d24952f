#pragma once

#include "CoreTypes.h"

#include <functional>
#include <map>
#include <vector>

struct FDefaultAllocator
{
	using SizeType = int32;
};

struct FDefaultAllocator64
{
	using SizeType = int64;
};

template <class T, class Allocator = FDefaultAllocator>
class TArray
{
public:
	using SizeType = typename Allocator::SizeType;

	TArray() = default;
	TArray(const T* From, SizeType Count) : All(From, From + Count) {}

	SizeType Num() const { return static_cast<SizeType>(All.size()); }
	bool IsValidIndex(SizeType Index) const { return Index >= 0 && Index < Num(); }
	T* GetData() { return All.data(); }
	const T* GetData() const { return All.data(); }
	T& operator[](SizeType Index) { return All.at(static_cast<std::size_t>(Index)); }
	const T& operator[](SizeType Index) const { return All.at(static_cast<std::size_t>(Index)); }
	SizeType Add(const T& Item)
	{
		All.push_back(Item);
		return Num() - 1;
	}
	SizeType Add(T&& Item)
	{
		All.push_back(std::move(Item));
		return Num() - 1;
	}
	void Append(const T* From, SizeType Count) { All.insert(All.end(), From, From + Count); }
	void RemoveAt(SizeType Index) { All.erase(All.begin() + static_cast<std::ptrdiff_t>(Index)); }
	void SetNum(SizeType Count) { All.resize(static_cast<std::size_t>(Count)); }
	void Empty() { All.clear(); }
	auto begin() { return All.begin(); }
	auto end() { return All.end(); }
	auto begin() const { return All.begin(); }
	auto end() const { return All.end(); }

private:
	std::vector<T> All;
};

template <class T>
using TArray64 = TArray<T, FDefaultAllocator64>;

template <class K, class V>
struct TPair
{
	K Key;
	V Value;
};

template <class K, class V>
class TMap
{
	using FAll = std::map<K, TPair<K, V>>;

public:
	void Add(const K& Key, const V& Value)
	{
		All.erase(Key);
		All.insert({Key, TPair<K, V>{Key, Value}});
	}
	V* Find(const K& Key)
	{
		const auto Found = All.find(Key);
		return Found == All.end() ? nullptr : &Found->second.Value;
	}
	const V* Find(const K& Key) const { return const_cast<TMap*>(this)->Find(Key); }
	int32 Remove(const K& Key) { return static_cast<int32>(All.erase(Key)); }
	bool RemoveAndCopyValue(const K& Key, V& Value)
	{
		V* Found = Find(Key);
		if (Found == nullptr)
		{
			return false;
		}
		Value = *Found;
		All.erase(Key);
		return true;
	}
	void GetKeys(TArray<K>& Keys) const
	{
		Keys.Empty();
		for (const auto& Entry : All)
		{
			Keys.Add(Entry.first);
		}
	}
	int32 Num() const { return static_cast<int32>(All.size()); }
	void Empty() { All.clear(); }

	struct FIterator
	{
		typename FAll::const_iterator At;
		const TPair<K, V>& operator*() const { return At->second; }
		FIterator& operator++()
		{
			++At;
			return *this;
		}
		bool operator!=(const FIterator& Other) const { return At != Other.At; }
	};
	FIterator begin() const { return {All.begin()}; }
	FIterator end() const { return {All.end()}; }

private:
	FAll All;
};

template <class Signature>
using TFunction = std::function<Signature>;

template <class... Parameters>
class TDelegate
{
public:
	template <class F>
	void BindLambda(F&& Function)
	{
		Bound = std::forward<F>(Function);
	}
	void Unbind() { Bound = nullptr; }
	void ExecuteIfBound(Parameters... Values) const
	{
		if (Bound)
		{
			Bound(Values...);
		}
	}

private:
	std::function<void(Parameters...)> Bound;
};
