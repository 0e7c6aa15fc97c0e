//! The keywords whose values are compared, by the names that the kinds of changes have.

macro_rules! keywords {
    ($($variant:ident = $name:literal,)*) => {
        /// A keyword of OpenAPI or JSON Schema, or a name of ours for what several of them say together.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Keyword { $(#[doc = concat!("`", $name, "`")] $variant,)* }

        impl Keyword {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name, also that of the member that it is.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

keywords! {
    AdditionalProperties = "additionalProperties",
    AllowEmptyValue = "allowEmptyValue",
    AnyOf = "anyOf",
    BasePath = "base-path",
    Callbacks = "callbacks",
    Contact = "contact",
    Contains = "contains",
    Content = "content",
    ContentSchema = "contentSchema",
    Default = "default",
    DependentRequired = "dependentRequired",
    DependentSchemas = "dependentSchemas",
    Description = "description",
    Discriminator = "discriminator",
    DynamicRef = "$dynamicRef",
    Else = "else",
    Encoding = "encoding",
    Enum = "enum",
    Examples = "examples",
    Extension = "extension",
    ExternalDocs = "externalDocs",
    Format = "format",
    Grant = "grant",
    If = "if",
    Items = "items",
    JsonSchemaDialect = "jsonSchemaDialect",
    License = "license",
    Links = "links",
    MaxContains = "maxContains",
    MaxItems = "maxItems",
    MaxLength = "maxLength",
    MaxProperties = "maxProperties",
    Maximum = "maximum",
    MinContains = "minContains",
    MinItems = "minItems",
    MinLength = "minLength",
    MinProperties = "minProperties",
    Minimum = "minimum",
    MultipleOf = "multipleOf",
    Not = "not",
    OneOf = "oneOf",
    OperationId = "operationId",
    Order = "order",
    Pattern = "pattern",
    PatternProperties = "patternProperties",
    PrefixItems = "prefixItems",
    PropertyNames = "propertyNames",
    Reference = "reference",
    Requirements = "requirements",
    Schema = "schema",
    Scheme = "scheme",
    Serialization = "serialization",
    Summary = "summary",
    Tags = "tags",
    TermsOfService = "termsOfService",
    Then = "then",
    Title = "title",
    Type = "type",
    Unevaluated = "unevaluatedProperties",
    UniqueItems = "uniqueItems",
    Variables = "variables",
    Version = "version",
    Xml = "xml",
}

impl Keyword {
    /// Whether it describes: what it says changes neither what is sent nor what is called.
    #[must_use]
    pub const fn describes(self) -> bool {
        matches!(
            self,
            Self::Title
                | Self::Summary
                | Self::Description
                | Self::Examples
                | Self::ExternalDocs
                | Self::Tags
                | Self::Contact
                | Self::License
                | Self::TermsOfService
        )
    }
}
