using System.Reflection;
using MbpoML.Environments;
using MbpoML.Numerics;

namespace MbpoML.Experiments.Tasks;

/// <summary>An environment of somebody's assembly, as in "bin/My.dll#My.ReactorEnvironment".</summary>
internal sealed class EnvironmentAssembly
{
    private readonly ConstructorInfo _constructor;

    private EnvironmentAssembly(string reference, ConstructorInfo constructor) => (Reference, _constructor) = (reference, constructor);

    /// <summary>The whole path of the assembly and the whole name of the type: it leads here from every folder.</summary>
    public string Reference { get; }

    /// <summary>The environment's type.</summary>
    public Type Type => _constructor.DeclaringType!;

    /// <summary>Loads the assembly and finds the type.</summary>
    /// <param name="reference">The assembly's file, and behind '#' the type, with or without its namespace; without it the only environment of the
    /// assembly.</param>
    /// <exception cref="RunSpecException">There is no such file or type, it is not an environment, several are meant, or it has no constructor without
    /// arguments.</exception>
    public static EnvironmentAssembly Load(string reference)
    {
        var parts = reference.Split(EnvironmentIdentity.Separator, 2, StringSplitOptions.TrimEntries);
        var file = parts[0];
        if (file.Length == 0)
            throw new RunSpecException(
                $"--environment is '{reference}', but must name an assembly and a type, as in bin/Release/net10.0/My.dll#My.ReactorEnvironment.");
        var assembly = EnvironmentLoadContext.Load(file);
        var type = parts is [_, { Length: > 0 } name] ? Named(name, file, TypesOf(assembly, file)) : Only(file, TypesOf(assembly, file));
        var constructor = EnvironmentIdentity.ConstructorOf(type) ?? throw new RunSpecException(
            $"{type} in '{file}' cannot be made: it {(type.IsAbstract ? "is abstract" : "has no public constructor without arguments")}. Add one, or a " +
                "class that derives from it and has one.");
        return new EnvironmentAssembly($"{Path.GetFullPath(file)}{EnvironmentIdentity.Separator}{type.FullName}", constructor);
    }

    /// <summary>Makes the environment.</summary>
    /// <exception cref="RunSpecException">Its constructor failed; the message says how.</exception>
    public IEnvironment Create()
    {
        try
        {
            return (IEnvironment)_constructor.Invoke(
                [.. _constructor.GetParameters().Select(parameter => parameter.DefaultValue is DBNull ? null : parameter.DefaultValue)]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            throw new RunDataException($"The constructor of {Type} failed. {cause.GetType().Name}: {cause.Message}");
        }
    }

    private static Type[] TypesOf(Assembly assembly, string file)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception) when (exception.Types.Any(type => type is not null))
        {
            return [.. exception.Types.OfType<Type>()];
        }
        catch (ReflectionTypeLoadException exception)
        {
            throw new RunSpecException(
                $"The types of '{file}' cannot be loaded: {exception.LoaderExceptions.FirstOrDefault()?.Message} Build it with all that it references " +
                    "beside it, as 'dotnet publish' does.");
        }
    }

    private static Type Named(string name, string file, Type[] types)
    {
        Type[] found = [.. types.Where(type => NameOf(type) == name)];
        if (found.Length == 0) found = [.. types.Where(type => NameOf(type).EndsWith($".{name}", StringComparison.Ordinal))];
        if (found.Length == 0)
            found =
                [
                    .. types.Where(type => NameOf(type).Equals(name, StringComparison.OrdinalIgnoreCase) ||
                        NameOf(type).EndsWith($".{name}", StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var type] when IsEnvironment(type) => type,
            [var type] => throw new RunSpecException($"{type} in '{file}' is no environment: it does not implement {nameof(IEnvironment)}{Among(types)}"),
            [] => throw new RunSpecException($"There is no type '{name}' in '{file}'.{Nearest(name, types)}"),
            _ => throw new RunSpecException(
                $"Several types of '{file}' are called '{name}': {string.Join(", ", found.Select(NameOf))}. Write one with its namespace."),
        };
    }

    private static Type Only(string file, Type[] types) => types.Where(CanBeMade).ToArray() switch
    {
        [var type] => type,
        [] => throw new RunSpecException(
            $"There is no environment in '{file}': no class there implements {nameof(IEnvironment)} and can be made without arguments."),
        var several =>
            throw new RunSpecException($"There are several environments in '{file}'. Name one behind '#': {string.Join(", ", several.Select(NameOf))}."),
    };

    private static bool IsEnvironment(Type type) => type.IsAssignableTo(typeof(IEnvironment));

    private static bool CanBeMade(Type type) => IsEnvironment(type) && EnvironmentIdentity.ConstructorOf(type) is not null;

    // Nested types as they are written in code.
    private static string NameOf(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string Nearest(string name, Type[] types)
    {
        string[] environments = [.. types.Where(IsEnvironment).Select(NameOf)];
        return environments.Length == 0 ? $" No type there implements {nameof(IEnvironment)}."
            : $" Did you mean {NearestNames.To(name, environments, 1)[0]}? Environments there: {string.Join(", ", environments)}.";
    }

    private static string Among(Type[] types)
    {
        string[] environments = [.. types.Where(IsEnvironment).Select(NameOf)];
        return environments.Length == 0 ? ", nor does any other type there." : $". Environments there: {string.Join(", ", environments)}.";
    }
}
