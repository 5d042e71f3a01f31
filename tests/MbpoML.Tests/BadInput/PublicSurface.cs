using System.Reflection;
using System.Runtime.CompilerServices;

namespace MbpoML.Tests.BadInput;

/// <summary>
/// All that a caller can give something to: public and protected constructors and methods, and settable properties, by names such as
/// "ReplayPool.Append(Tensor)".
/// </summary>
/// <remarks>
/// Left out are delegates, what every object has, what the compiler writes for records, and constructors without parameters. A method that only an interface
/// shows counts like a public one.
/// </remarks>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static |
        BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(bool)] = "bool",
        [typeof(string)] = "string",
    };

    /// <summary>The names of all members of all public types of an assembly.</summary>
    public static IEnumerable<string> Members(Assembly assembly) => Types(assembly).SelectMany(Members);

    /// <summary>The constructors and methods among them.</summary>
    public static IEnumerable<(string Member, MethodBase Method)> Called(Assembly assembly) => Types(assembly).SelectMany(Called);

    /// <summary>What must be given to the members of a type: every parameter and settable property that may not be null, with the member's name.</summary>
    public static IEnumerable<(string Member, string Argument)> Required(Assembly assembly)
    {
        var context = new NullabilityInfoContext();
        foreach (var type in Types(assembly))
        {
            foreach (var (member, method) in Called(type))
                foreach (var parameter in method.GetParameters().Where(parameter => IsRequired(parameter.ParameterType, context.Create(parameter))))
                    yield return (member, parameter.Name!);
            foreach (var property in Settable(type).Where(property => IsRequired(property.PropertyType, context.Create(property))))
                yield return ($"{Name(type)}.{property.Name}", property.Name);
        }
    }

    private static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes().Where(type => !type.IsSubclassOf(typeof(Delegate)));

    private static bool IsRequired(Type type, NullabilityInfo nullability) =>
        !type.IsValueType && !type.IsByRef && !type.IsGenericParameter && nullability.WriteState != NullabilityState.Nullable;

    private static IEnumerable<string> Members(Type type) =>
        [.. Called(type).Select(called => called.Member), .. Settable(type).Select(property => $"{Name(type)}.{property.Name}")];

    private static IEnumerable<ConstructorInfo> Constructors(Type type) =>
        type.GetConstructors(Declared).Where(constructor => IsVisible(constructor) && constructor.GetParameters().Length > 0 && !IsCopy(constructor));

    private static IEnumerable<(string Member, MethodBase Method)> Called(Type type)
    {
        var methods = type.GetMethods(Declared).Where(method =>
            (IsVisible(method) || IsExplicit(method)) && !IsAccessor(method) && !IsGenerated(method) && method.GetBaseDefinition()
                .DeclaringType != typeof(object));
        return
        [
            .. Constructors(type).Select(constructor => ($"{Name(type)}{Parameters(constructor)}", (MethodBase)constructor)),
            .. methods.Select(method => ($"{Name(type)}.{method.Name[(method.Name.LastIndexOf('.') + 1)..]}{Parameters(method)}", (MethodBase)method)),
        ];
    }

    // Without the parameters of records, which their constructors have.
    private static IEnumerable<PropertyInfo> Settable(Type type)
    {
        var positional = Constructors(type).SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name).ToHashSet();
        return type.GetProperties(Declared).Where(property => property.SetMethod is { IsPublic: true } && !positional.Contains(property.Name));
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily;

    private static bool IsExplicit(MethodInfo method) =>
        method is { IsPrivate: true, IsFinal: true, IsVirtual: true } && method.Name.Contains('.', StringComparison.Ordinal);

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal) || method.Name.Contains(".get_", StringComparison.Ordinal);

    private static bool IsGenerated(MethodInfo method) => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.StartsWith('<');

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [{ } only] && only.ParameterType == constructor.DeclaringType && constructor.IsFamily;

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))})";

    /// <summary>A type as C# writes it, such as "MbpoTrainer.Options".</summary>
    public static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        // torch.Tensor is written as Tensor: its outer class is only a name space.
        var name = type is { IsNested: true, IsGenericParameter: false, DeclaringType: not { IsAbstract: true, IsSealed: true } }
            ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
