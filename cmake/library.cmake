# The library's targets. cmake/sources*.txt is the one list of sources, for CMake and for Meson.
function(resys_read_sources file out)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
               ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/${file} sources)
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

include(GNUInstallDirs)
resys_read_sources(cmake/sources.txt RESYS_SOURCES)
add_library(resys_cpp ${RESYS_SOURCES})
add_library(resys::resys ALIAS resys_cpp)
target_compile_features(resys_cpp PUBLIC cxx_std_20)
set_target_properties(resys_cpp PROPERTIES EXPORT_NAME resys POSITION_INDEPENDENT_CODE ON
                      DEFINE_SYMBOL "" VERSION ${PROJECT_VERSION}
                      # Until 1.0 a minor version may change the API.
                      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_include_directories(resys_cpp PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
                                     PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(resys_cpp PUBLIC Boost::headers Threads::Threads
                      PRIVATE SQLiteCpp SQLite::SQLite3 OpenSSL::Crypto
                              $<BUILD_INTERFACE:nlohmann_json::nlohmann_json>)
if(RESYS_SQLITE_AMALGAMATION)
  # Of its own: our warnings are not SQLite's.
  add_library(resys_sqlite OBJECT src/base/db/own_sqlite.c)
  set_target_properties(resys_sqlite PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_definitions(resys_sqlite
                             PRIVATE RESYS_SQLITE_SOURCE="${RESYS_SQLITE_AMALGAMATION}")
  target_sources(resys_cpp PRIVATE $<TARGET_OBJECTS:resys_sqlite>)
endif()
if(RESYS_CURL)
  resys_read_sources(cmake/sources_curl.txt RESYS_CURL_SOURCES)
  target_sources(resys_cpp PRIVATE ${RESYS_CURL_SOURCES})
  target_link_libraries(resys_cpp PRIVATE CURL::libcurl)
  set_source_files_properties(src/net/ports.cpp PROPERTIES COMPILE_DEFINITIONS RESYS_CURL)
endif()

# Warnings and sanitizers are for our own targets only. Requests are written {.sku = "TEA"}: a field
# that is left out has its default, on purpose. g++ 12 sees overlaps in "[" + text where there are
# none (its bug 105651).
function(resys_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion
                         -Wno-missing-field-initializers
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  if(RESYS_SANITIZE)
    set(sanitize ${RESYS_SANITIZE})
    if(NOT target STREQUAL resys_cpp)  # the library's coverage guides the fuzzers, not the tests'
      string(REPLACE ",fuzzer-no-link" "" sanitize ${sanitize})
    endif()
    target_compile_options(${target} PRIVATE -fsanitize=${sanitize} -fno-sanitize-recover=all
                           -fno-omit-frame-pointer -g1)  # lines are enough for their reports
    target_link_options(${target} PRIVATE -fsanitize=${sanitize})
  endif()
endfunction()
resys_compile_options(resys_cpp)
