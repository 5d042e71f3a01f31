using System.Reflection;
using MbpoML.Imagination;
using MbpoML.Training.Schedules;

namespace MbpoML.Training.Presets;

/// <summary>Schedules as text, written as the call that makes them: <c>Linear(20, 150, 1, 15)</c>.</summary>
internal static class ScheduleText
{
    private static readonly Dictionary<Type, Type> Factories = new()
    {
        [typeof(IRolloutSchedule)] = typeof(RolloutSchedule),
        [typeof(IModelTrainingSchedule)] = typeof(ModelTrainingSchedule),
    };

    public static bool Knows(Type type) => Factories.ContainsKey(type);

    /// <exception cref="FormatException">The text is no such call; the message gives those there are.</exception>
    public static object Read(Type type, string text)
    {
        var calls = Factories[type].GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        var parts = text.Trim().TrimEnd(')').Split('(', 2);
        string[] values = parts.Length == 2 ? parts[1].Split(',') : [];
        foreach (var call in calls.Where(call => call.Name.Equals(parts[0].Trim(), StringComparison.OrdinalIgnoreCase) && Takes(call, values.Length)))
            return Call(call, values);
        throw new FormatException(
            "expected is one of " +
                $"{string.Join(", ", calls.Select(call => $"{call.Name}({string.Join(", ", call.GetParameters().Select(parameter => parameter.Name))})"))}");
    }

    private static bool Takes(MethodInfo call, int count) =>
        call.GetParameters() is var parameters && count <= parameters.Length && parameters.Skip(count).All(parameter => parameter.HasDefaultValue);

    private static object Call(MethodInfo call, string[] values)
    {
        object?[] arguments = [.. call.GetParameters()
            .Select((parameter, index) => index < values.Length ? OptionText.Read(parameter.ParameterType, values[index]) : parameter.DefaultValue)];
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
