#include "MlabSettings.h"

FName UMlabSettings::GetCategoryName() const
{
	return TEXT("Plugins");
}
