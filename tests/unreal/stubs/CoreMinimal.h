/*
 * A small stand-in for the part of Unreal that the plugin uses: names, signatures and behaviour as the engine's
 * documentation has them for 5.4, made of the standard library.
 */
#pragma once

#include "CoreTypes.h"
#include "CoreContainers.h"
#include "CorePointers.h"
#include "CoreObjects.h"
