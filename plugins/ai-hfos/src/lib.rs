//! The coordinator: one risk mode and one set of directives from what every subsystem says
