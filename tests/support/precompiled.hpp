// What nearly every test includes, compiled once for all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "resys/result.hpp"
#include "support/catch.hpp"
