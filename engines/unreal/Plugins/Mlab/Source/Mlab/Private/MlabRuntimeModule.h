#pragma once

/** Whether the library was found, and is one that this plugin can use. If not, the log says what to do. */
bool MlabIsLoaded();
