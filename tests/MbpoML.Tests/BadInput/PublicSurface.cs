using System.Reflection;
using System.Runtime.CompilerServices;

namespace MbpoML.Tests.BadInput;

/// <summary>All that a caller can give something to: public and protected constructors and methods, and settable properties, by names such as "ReplayPool.Append(Tensor)".</summary>
/// <remarks>
/// Left out are delegates, what every object has, what the compiler writes for records, and constructors without parameters. A method that only an interface shows counts like a
/// public one.
/// </remarks>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double", [typeof(float)] = "float", [typeof(bool)] = "bool", [typeof(string)] = "string",
    };

    /// <summary>The names of all members of all public types of an assembly.</summary>
    public static IEnumerable<string> Members(Assembly assembly) => assembly.GetExportedTypes().Where(type => !type.IsSubclassOf(typeof(Delegate))).SelectMany(Members);

    private static IEnumerable<string> Members(Type type)
    {
        var constructors = type.GetConstructors(Declared).Where(constructor => IsVisible(constructor) && constructor.GetParameters().Length > 0 && !IsCopy(constructor));
        var methods = type.GetMethods(Declared).Where(method =>
            (IsVisible(method) || IsExplicit(method)) && !IsAccessor(method) && !IsGenerated(method) && method.GetBaseDefinition().DeclaringType != typeof(object));
        var positional = constructors.SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name).ToHashSet();
        var properties = type.GetProperties(Declared).Where(property => property.SetMethod is { IsPublic: true } && !positional.Contains(property.Name));
        return
        [
            .. constructors.Select(constructor => $"{Name(type)}{Parameters(constructor)}"),
            .. methods.Select(method => $"{Name(type)}.{method.Name[(method.Name.LastIndexOf('.') + 1)..]}{Parameters(method)}"),
            .. properties.Select(property => $"{Name(type)}.{property.Name}"),
        ];
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily;

    private static bool IsExplicit(MethodInfo method) => method is { IsPrivate: true, IsFinal: true, IsVirtual: true } && method.Name.Contains('.', StringComparison.Ordinal);

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal) || method.Name.Contains(".get_", StringComparison.Ordinal);

    private static bool IsGenerated(MethodInfo method) => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.StartsWith('<');

    private static bool IsCopy(ConstructorInfo constructor) => constructor.GetParameters() is [{ } only] && only.ParameterType == constructor.DeclaringType && constructor.IsFamily;

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))})";

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        // torch.Tensor is written as Tensor: its outer class is only a name space.
        var name = type is { IsNested: true, IsGenericParameter: false, DeclaringType: not { IsAbstract: true, IsSealed: true } } ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
