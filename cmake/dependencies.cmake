# What the library is built on; src/README.md says why each is here.

# After a quiet find_package(): a message that a user can act on, instead of CMake's.
function(resys_require package what debian)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "resys needs ${what} with its headers, and CMake finds none (${package}). "
                        "On Debian and Ubuntu: apt install ${debian}")
  endif()
endfunction()

find_package(Threads REQUIRED)
# A newer SQLite than the system's, inside the library. SQLiteCpp asks for SQLite::SQLite3, too, and
# gets the same.
set(RESYS_SQLITE_AMALGAMATION "" CACHE FILEPATH
    "SQLite's sqlite3.c, with sqlite3.h beside it, to build into the library; empty: the system's")
if(RESYS_SQLITE_AMALGAMATION)
  get_filename_component(RESYS_SQLITE_DIR ${RESYS_SQLITE_AMALGAMATION} DIRECTORY)
  if(NOT EXISTS ${RESYS_SQLITE_AMALGAMATION} OR NOT EXISTS ${RESYS_SQLITE_DIR}/sqlite3.h)
    message(FATAL_ERROR "RESYS_SQLITE_AMALGAMATION is the path of a sqlite3.c, with sqlite3.h "
                        "beside it: ${RESYS_SQLITE_AMALGAMATION}")
  endif()
  add_library(SQLite::SQLite3 INTERFACE IMPORTED)
  target_include_directories(SQLite::SQLite3 INTERFACE ${RESYS_SQLITE_DIR})
  target_link_libraries(SQLite::SQLite3 INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
endif()
find_package(SQLite3 3.35 QUIET)
resys_require(SQLite3 "SQLite 3.35 or newer" libsqlite3-dev)
find_package(SQLiteCpp QUIET)
resys_require(SQLiteCpp "SQLiteCpp, the C++ wrapper of SQLite," libsqlitecpp-dev)
find_package(nlohmann_json 3.10 QUIET)
resys_require(nlohmann_json "JSON for Modern C++ 3.10 or newer" nlohmann-json3-dev)
find_package(OpenSSL QUIET)
resys_require(OpenSSL "OpenSSL 3" libssl-dev)
find_package(Boost 1.74 QUIET)
resys_require(Boost "Boost 1.74 or newer" libboost-dev)
if(RESYS_CURL)
  find_package(CURL QUIET)
  resys_require(CURL "libcurl" libcurl4-openssl-dev)
endif()
