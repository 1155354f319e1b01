// The database engine as a document.
#include "api/engine_fields.hpp"

#include "api/codec.hpp"
#include "resys/api.hpp"

namespace resys {

std::string to_json(const EngineInfo& engine) {
  std::string text;
  api::write(text, engine);
  return text;
}

}  // namespace resys
