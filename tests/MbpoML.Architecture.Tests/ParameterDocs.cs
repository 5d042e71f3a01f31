using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace MbpoML.Architecture.Tests;

/// <summary>Compares the public members of an assembly with its XML documentation.</summary>
internal static class ParameterDocs
{
    /// <summary>The public and protected members with a parameter that is not explained, as "M:Space.Type.Method(System.Int32): count".</summary>
    /// <param name="assembly">The content of the assembly.</param>
    /// <param name="documentation">The content of the XML file that the compiler wrote for it.</param>
    public static IReadOnlyList<string> Missing(Stream assembly, Stream documentation)
    {
        using var read = AssemblyDefinition.ReadAssembly(assembly);
        var texts = XDocument.Load(documentation).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);
        return
        [
            .. read.MainModule.GetTypes().Where(IsVisible).SelectMany(Members)
                .Select(member => (Id: member.Ids[0], Names: string.Join(", ", member.Names.Where(name => !IsExplained(texts, member.Ids, name)))))
                .Where(member => member.Names.Length > 0).Select(member => $"{member.Id}: {member.Names}").Order(StringComparer.Ordinal),
        ];
    }

    // A delegate has its parameters in the documentation of the type, and a primary constructor may have them there.
    private static IEnumerable<(string[] Ids, IEnumerable<string> Names)> Members(TypeDefinition type)
    {
        var id = Id(type);
        var invoke = IsDelegate(type) ? type.Methods.Single(method => method.Name == "Invoke") : null;
        yield return ([id], [.. type.GenericParameters.Select(parameter => parameter.Name), .. invoke?.Parameters.Select(parameter => parameter.Name) ?? []]);
        if (invoke is not null) yield break;
        foreach (var method in type.Methods.Where(IsVisible))
            yield return (method.IsConstructor ? [Id(method), id] : [Id(method)],
                [.. method.GenericParameters.Select(parameter => parameter.Name), .. method.Parameters.Select(parameter => parameter.Name)]);
        foreach (var indexer in type.Properties.Where(property => property.HasParameters && property.GetMethod is { } get && IsShown(get)))
            yield return ([Id(indexer)], indexer.Parameters.Select(parameter => parameter.Name));
    }

    // What inherits its documentation inherits that of the parameters. A constructor does not inherit what its type inherits.
    private static bool IsExplained(Dictionary<string, XElement> texts, string[] ids, string name) =>
        (texts.GetValueOrDefault(ids[0])?.Element("inheritdoc") is not null) ||
        ids.Select(texts.GetValueOrDefault).OfType<XElement>().SelectMany(text => text.Elements("param").Concat(text.Elements("typeparam")))
            .Any(text => (string?)text.Attribute("name") == name && (text.HasElements || text.Value.Trim().Length > 0));

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static bool IsVisible(TypeDefinition type) =>
        !IsGenerated(type) && (type.IsPublic ||
            ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType)));

    // Accessors have no documentation of their own, and the members that a compiler adds to a record have none at all.
    private static bool IsVisible(MethodDefinition method) =>
        IsShown(method) && !IsGenerated(method) && !method.IsGetter && !method.IsSetter && !method.IsAddOn && !method.IsRemoveOn;

    private static bool IsShown(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsGenerated(ICustomAttributeProvider member) =>
        member.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute");

    private static string Id(IMemberDefinition member) => DocCommentId.GetDocCommentId(member);
}
