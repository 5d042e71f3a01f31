using System.Globalization;
using System.Text.RegularExpressions;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using NCalc;
using NCalc.Exceptions;

namespace MbpoML.Datasets.Rewards;

/// <summary>
/// A formula over names: a reward, as in <c>-(temperature - setpoint)**2 - 0.01 * heater</c>, or what ends a task, as in <c>Abs(next_angle) > 0.2</c>.
/// </summary>
internal static partial class RewardExpression
{
    /// <summary>Stands before the name of a number of the next observation.</summary>
    public const string Next = "next_";

    // Nobody writes a longer formula by hand.
    private const int MostLetters = 10_000;

    private const string Advice = "Names stand as they are, or in [brackets]; next_NAME is the value after the step; + - * / ** Abs(x) Sqrt(x) Exp(x) " +
        "Max(x, y) and if(condition, x, y) are known";

    /// <summary>Understands a formula.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="observation">What the numbers of an observation are called; a name may stand with <see cref="Next"/>, too.</param>
    /// <param name="action">What the numbers of an action are called.</param>
    /// <param name="what">What the formula gives, for messages.</param>
    /// <exception cref="ArgumentException">It is no formula, or names something else.</exception>
    public static RowReward Compile(string text, IReadOnlyList<string> observation, IReadOnlyList<string> action, string what = "reward")
    {
        if (text.Length > MostLetters) throw Wrong(what, text[..40], Invariant($"it has {text.Length} letters, more than {MostLetters}"));
        // NCalc's ^ works on the bits of whole numbers.
        if (Bracketed().Replace(text, "").Contains('^', StringComparison.Ordinal)) throw Wrong(what, text, "^ is no power; write x ** 2 for the square");
        var expression = new Expression(text, ExpressionOptions.NoCache | ExpressionOptions.IgnoreCaseAtBuiltInFunctions)
        {
            CultureInfo = CultureInfo.InvariantCulture,
        };
        Variable[] variables;
        try
        {
            variables = [.. expression.GetParameterNames().Distinct().Select(name => Find(what, text, name, observation, action))];
        }
        catch (NCalcException exception)
        {
            throw Wrong(what, text, exception.Message.TrimEnd('.'), exception);
        }

        foreach (var variable in variables) expression.Parameters[variable.Name] = 1.0;
        Evaluate(expression, what, text);
        return (o, a, next) =>
        {
            foreach (var (name, source, index) in variables)
                expression.Parameters[name] = (double)(source == Source.Observation ? o : source == Source.Action ? a : next)[index];
            return (float)Evaluate(expression, what, text);
        };
    }

    private static double Evaluate(Expression expression, string what, string text)
    {
        try
        {
            return Convert.ToDouble(expression.Evaluate(), CultureInfo.InvariantCulture);
        }
        catch (Exception exception)
            when (exception is NCalcException or InvalidCastException or FormatException or OverflowException or InvalidOperationException or ArgumentException)
        {
            throw Wrong(what, text, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static Variable Find(string what, string text, string name, IReadOnlyList<string> observation, IReadOnlyList<string> action)
    {
        if (Index(observation, name) is >= 0 and var observed) return new Variable(name, Source.Observation, observed);
        if (Index(action, name) is >= 0 and var acted) return new Variable(name, Source.Action, acted);
        if (name.StartsWith(Next, StringComparison.Ordinal) && Index(observation, name[Next.Length..]) is >= 0 and var later)
            return new Variable(name, Source.Next, later);
        string[] names = [.. observation, .. action];
        throw Wrong(what, text, $"it names '{name}', which is neither observed nor acted. Did you mean '{NearestNames.To(name, names, 1)[0]}'? There are " +
            string.Join(", ", names.Select(one => $"'{one}'")));
    }

    private static int Index(IReadOnlyList<string> names, string name)
    {
        for (var index = 0; index < names.Count; index++)
            if (names[index] == name) return index;
        return -1;
    }

    private static ArgumentException Wrong(string what, string text, string why, Exception? inner = null) =>
        new($"The {what} '{text}' cannot be understood: {why}. {Advice}.", inner);

    private enum Source
    {
        Observation,
        Action,
        Next,
    }

    private readonly record struct Variable(string Name, Source Source, int Index);

    [GeneratedRegex(@"\[[^\]]*\]|'[^']*'")]
    private static partial Regex Bracketed();
}
