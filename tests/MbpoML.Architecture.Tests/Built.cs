using System.Xml.Linq;
using Mono.Cecil;

namespace MbpoML.Architecture.Tests;

/// <summary>The packages as they were built.</summary>
internal static class Built
{
    public static string Assembly(string package) => Path.Combine(Repository.Output("src", package), (package == "MbpoML.Tool" ? "mbpo" : package) + ".dll");

    public static TypeGraph Graph(string package) => TypeGraph.Read(Assembly(package), package + ".");

    /// <summary>The assemblies that see the internals of a package.</summary>
    public static IReadOnlyList<string> Friends(string package)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Assembly(package));
        return
        [
            .. assembly.CustomAttributes.Where(attribute => attribute.AttributeType.Name == "InternalsVisibleToAttribute")
                .Select(attribute => (string)attribute.ConstructorArguments[0].Value),
        ];
    }

    /// <summary>The types that a package shows to everybody.</summary>
    public static IReadOnlyList<string> PublicTypes(string package)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Assembly(package));
        return [.. assembly.MainModule.Types.Where(type => type.IsPublic).Select(type => type.FullName)];
    }

    /// <summary>The packages and projects that a project names for itself, without pins.</summary>
    public static IReadOnlyList<string> Named(string package)
    {
        var project = XDocument.Load(Repository.At("src", package, package + ".csproj"));
        return
        [
            .. project.Descendants("PackageReference").Where(element => element.Attribute("PrivateAssets") is null)
                .Select(element => element.Attribute("Include")!.Value),
            .. project.Descendants("ProjectReference").Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value)),
        ];
    }
}
