# What the library is built on; src/README.md says why each is here.

# find_package() with a message that a user can act on: what is missing, and the Debian package.
macro(resys_find package version debian what)
  find_package(${package} ${version} QUIET)
  if(NOT ${package}_FOUND)
    string(STRIP "${what} ${version}" resys_needed)
    message(FATAL_ERROR "resys needs ${resys_needed} or newer with its headers, and CMake does not "
                        "find it (${package}). On Debian and Ubuntu: apt install ${debian}")
  endif()
endmacro()

find_package(Threads REQUIRED)
resys_find(SQLite3 3.35 libsqlite3-dev "SQLite")
resys_find(SQLiteCpp "" libsqlitecpp-dev "SQLiteCpp, a C++ wrapper of SQLite")
resys_find(nlohmann_json 3.10 nlohmann-json3-dev "JSON for Modern C++")
resys_find(OpenSSL 3.0 libssl-dev "OpenSSL")
resys_find(Boost 1.74 libboost-dev "Boost")
if(RESYS_CURL)
  resys_find(CURL "" libcurl4-openssl-dev "libcurl")
endif()
