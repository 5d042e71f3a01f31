using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Experiments;

/// <summary>How an environment is found again by another process.</summary>
/// <param name="TaskName">What tables and pictures call the task: the name of its type, without "Environment".</param>
/// <param name="Reference">Assembly and type, as in "bin/My.dll#My.ReactorEnvironment"; null where the type alone does not make it.</param>
/// <param name="TimeLimit">The steps after which <see cref="TimeLimitEnvironment"/> truncates its episodes; null where there is none around it.</param>
/// <param name="TypeName">The type where there is no reference; else null.</param>
internal sealed record EnvironmentIdentity(string TaskName, string? Reference, int? TimeLimit, string? TypeName)
{
    /// <summary>Between the assembly's path and the type's name.</summary>
    public const char Separator = '#';

    private const string Suffix = "Environment";

    public static EnvironmentIdentity Of(IEnvironment environment)
    {
        int? limit = null;
        while (true)
        {
            // These look on and change nothing.
            if (environment is CheckedEnvironment or WatchedEnvironment) environment = ((EnvironmentWrapper)environment).Inner;
            else if (environment is TimeLimitEnvironment limited) (environment, limit) = (limited.Inner, Math.Min(limit ?? int.MaxValue, limited.MaxSteps));
            else break;
        }

        var type = environment.GetType();
        var innermost = environment;
        while (innermost is EnvironmentWrapper wrapper) innermost = wrapper.Inner;
        var (name, file) = (NameOf(innermost.GetType()), FileOf(type.Assembly));
        return file.Length > 0 && ConstructorOf(type) is not null
            ? new EnvironmentIdentity(name, $"{file}{Separator}{type.FullName}", limit, null)
            : new EnvironmentIdentity(name, null, limit, type.FullName ?? type.Name);
    }

    /// <summary>The constructor that needs no arguments, because it has no parameters or only ones with defaults; null where there is none.</summary>
    public static ConstructorInfo? ConstructorOf(Type type) => type.IsAbstract || type.ContainsGenericParameters
        ? null
        : type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .Where(constructor => constructor.GetParameters().All(parameter => parameter.IsOptional))
            .MinBy(constructor => constructor.GetParameters().Length);

    /// <summary>What the task of a type is called.</summary>
    public static string NameOf(Type type)
    {
        var name = Without(Suffix, type.Name.Split('`')[0]);
        // The tool's names for the tasks of the library do without.
        return type.Assembly == typeof(IEnvironment).Assembly ? Without("Continuous", name) : name;
    }

    [UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "The empty location of an assembly in a single file is what tells that nothing else can load it.")]
    private static string FileOf(Assembly assembly) => assembly.IsDynamic ? "" : assembly.Location;

    private static string Without(string suffix, string name) =>
        name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
}
