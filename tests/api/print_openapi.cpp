// Prints the API description, for tools that check or use it.
#include <cstdio>

#include "resys/api.hpp"

int main() { return std::puts(resys::openapi().c_str()) < 0 ? 1 : 0; }
