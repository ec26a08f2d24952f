# A program of somebody else that builds the library together with itself. MLAB_SOURCES stands for the address of the
# repository.
cmake_minimum_required(VERSION 3.16)
project(consumer C CXX)

include(FetchContent)
FetchContent_Declare(mlab SOURCE_DIR "${MLAB_SOURCES}")
FetchContent_MakeAvailable(mlab)

add_executable(readme_shared readme.c)
target_link_libraries(readme_shared PRIVATE mlab::mlab)
add_executable(readme_cpp readme.cpp)
target_link_libraries(readme_cpp PRIVATE mlab::shared)
add_executable(fetch_shared fetch.c)
target_link_libraries(fetch_shared PRIVATE mlab::shared)
add_executable(readme_static readme.c)
target_link_libraries(readme_static PRIVATE mlab::static)
add_executable(fetch_static fetch.c)
target_link_libraries(fetch_static PRIVATE mlab::static)
