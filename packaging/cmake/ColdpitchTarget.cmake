# SPDX-License-Identifier: MIT
# What every target of the project shares, as one interface target and two functions.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers hold times and defines that ccache would otherwise take for differences.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${CCACHE_PROGRAM})
endif()

add_library(coldpitch_options INTERFACE)
target_compile_features(coldpitch_options INTERFACE cxx_std_20)
target_include_directories(coldpitch_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/include)
target_compile_options(coldpitch_options INTERFACE -Wall -Wextra -Wconversion -Wshadow $<$<BOOL:${COLDPITCH_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # GCC 12 and later report overflows inside the standard library's own inlined code.
  target_compile_options(coldpitch_options INTERFACE -fpch-preprocess -Wno-array-bounds -Wno-restrict
                                                     -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
  target_compile_options(coldpitch_options INTERFACE -Wthread-safety)
endif()
if(COLDPITCH_SANITIZE)
  target_compile_options(coldpitch_options INTERFACE -fsanitize=${COLDPITCH_SANITIZE} -fno-omit-frame-pointer)
  if(NOT COLDPITCH_SANITIZE STREQUAL thread)
    target_compile_options(coldpitch_options INTERFACE -fno-sanitize-recover=all)
  endif()
  target_link_options(coldpitch_options INTERFACE -fsanitize=${COLDPITCH_SANITIZE})
endif()
if(COLDPITCH_FUZZ)
  target_compile_options(coldpitch_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# coldpitch_library(NAME SOURCES ... [PUBLIC targets...] [PRIVATE targets...]): one folder, one target. A folder may
# link only those above it: that is the layering.
function(coldpitch_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC coldpitch_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()
