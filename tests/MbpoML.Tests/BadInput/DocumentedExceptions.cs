using System.Reflection;
using System.Xml.Linq;

namespace MbpoML.Tests.BadInput;

/// <summary>What the XML documentation of an assembly says that its members throw.</summary>
/// <param name="assembly">Its documentation lies beside it.</param>
internal sealed class DocumentedExceptions(Assembly assembly)
{
    private readonly Dictionary<string, XElement> _members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>
    /// Whether the method says that it throws the exception or a base of it; where it inherits its documentation, whether the interface's says so.
    /// </summary>
    public bool Names(MethodBase method, Type exception)
    {
        for (var type = exception; type != typeof(object); type = type.BaseType!)
            if (Sources(method).Any(source => source.Elements("exception").Any(element => element.Attribute("cref")!.Value == $"T:{type.FullName}")))
                return true;
        return false;
    }

    private IEnumerable<XElement> Sources(MethodBase method)
    {
        if (!_members.TryGetValue(Id(method), out var own)) return [];
        return own.Element("inheritdoc") is null ? [own] : [own, .. Interfaces(method).Where(_members.ContainsKey).Select(id => _members[id])];
    }

    private static IEnumerable<string> Interfaces(MethodBase method)
    {
        var type = method.DeclaringType!;
        if (type.IsInterface) return [];
        return type.GetInterfaces().Select(type.GetInterfaceMap)
            .SelectMany(map => map.InterfaceMethods.Zip(map.TargetMethods)).Where(pair => pair.Second == method).Select(pair => Id(pair.First));
    }

    // As the compiler writes them: M:Namespace.Type.Method(System.Int32,System.Collections.Generic.IReadOnlyList{System.String}).
    private static string Id(MethodBase method)
    {
        var parameters = string.Join(',', method.GetParameters().Select(parameter => Id(parameter.ParameterType)));
        var name = method.IsConstructor ? "#ctor" : method.Name.Replace('.', '#') + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "");
        return $"M:{Id(method.DeclaringType!)}.{name}{(parameters.Length > 0 ? $"({parameters})" : "")}";
    }

    private static string Id(Type type)
    {
        if (type.IsByRef) return $"{Id(type.GetElementType()!)}@";
        if (type.IsArray) return $"{Id(type.GetElementType()!)}[]";
        if (type.IsGenericMethodParameter) return $"``{type.GenericParameterPosition}";
        if (!type.IsGenericType) return type.FullName!.Replace('+', '.');
        var name = type.GetGenericTypeDefinition().FullName!.Replace('+', '.');
        return $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(Id))}}}";
    }
}
