// The result of a check as a document.
#include "api/check_fields.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const CheckReport& report) {
  std::string text;
  api::write(text, report);
  return text;
}

}  // namespace resys
