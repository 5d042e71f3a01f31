using System.Reflection;
using MbpoML.Imagination;
using MbpoML.Training.Schedules;

namespace MbpoML.Training.Presets;

/// <summary>
/// Schedules and rules as text, written as the call that makes them: <c>Linear(20, 150, 1, 15)</c>, or with the options that it takes, by name and in any
/// order: <c>BhattacharyyaGate(Factor 30, Quantile 0.9)</c>.
/// </summary>
internal static class CallText
{
    private static readonly Dictionary<Type, Type> Factories = new()
    {
        [typeof(IRolloutSchedule)] = typeof(RolloutSchedule),
        [typeof(IModelTrainingSchedule)] = typeof(ModelTrainingSchedule),
        [typeof(IRolloutRule)] = typeof(RolloutRule),
    };

    public static bool Knows(Type type) => Factories.ContainsKey(type);

    /// <exception cref="FormatException">The text is no such call; the message gives those there are.</exception>
    public static object Read(Type type, string text)
    {
        // What takes a function can be called by code only.
        MethodInfo[] calls = [.. Factories[type].GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(call => OptionsOf(call) is not null || call.GetParameters().All(parameter => OptionText.IsReadable(parameter.ParameterType)))];
        var parts = text.Trim().TrimEnd(')').Split('(', 2);
        string[] values = parts.Length == 2 && parts[1].Trim().Length > 0 ? parts[1].Split(',') : [];
        foreach (var call in calls.Where(call => call.Name.Equals(parts[0].Trim(), StringComparison.OrdinalIgnoreCase) && Takes(call, values.Length)))
            return Call(call, OptionsOf(call) is { } options ? [Options(options, values)] : Arguments(call, values));
        throw new FormatException($"expected is one of {string.Join(", ", calls.Select(Describe))}");
    }

    private static Type? OptionsOf(MethodInfo call) =>
        call.GetParameters() is [{ ParameterType: { IsClass: true, Name: "Options" } options }] ? options : null;

    private static string Describe(MethodInfo call)
    {
        var names = OptionsOf(call) is { } options ? options.GetProperties().Select(option => $"{option.Name} ...")
            : call.GetParameters().Select(parameter => parameter.Name);
        return $"{call.Name}({string.Join(", ", names)})";
    }

    private static bool Takes(MethodInfo call, int count) => OptionsOf(call) is not null ||
        (call.GetParameters() is var parameters && count <= parameters.Length && parameters.Skip(count).All(parameter => parameter.HasDefaultValue));

    private static object?[] Arguments(MethodInfo call, string[] values) =>
        [.. call.GetParameters()
            .Select((parameter, index) => index < values.Length ? OptionText.Read(parameter.ParameterType, values[index]) : parameter.DefaultValue)];

    private static object Options(Type type, string[] values)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var value in values)
        {
            if (value.Trim().Split(' ', 2) is not [var name, var text] || type.GetProperty(name, Named) is not { } option)
                throw new FormatException($"'{value.Trim()}' is no option with its value, as in {Example(type, options)}");
            option.SetValue(options, OptionText.Read(option.PropertyType, text));
        }

        return options;
    }

    private static string Example(Type type, object options) =>
        string.Join(", ", type.GetProperties().Select(option => $"{option.Name} {OptionText.Of(option.GetValue(options))}"));

    private const BindingFlags Named = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private static object Call(MethodInfo call, object?[] arguments)
    {
        try
        {
            return call.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException refused)
        {
            throw new FormatException(refused.Message, refused);
        }
    }
}
