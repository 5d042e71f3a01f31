using static MbpoML.Tests.BadInput.BadCase;

namespace MbpoML.Tests.BadInput;

/// <summary>Rows about the numbers of an options class.</summary>
/// <param name="owner">The class's name, such as "MbpoTrainer.Options".</param>
/// <param name="use">Hands the options to what reads them.</param>
internal sealed class OptionCases<TOptions>(string owner, Action<TOptions> use)
    where TOptions : class, new()
{
    public BadCase Refused<TException>(string option, string what, Action<TOptions> set, params string[] message)
        where TException : Exception => Bad<TException>($"{owner}.{option}", what, () =>
        {
            var options = new TOptions();
            set(options);
            use(options);
        }, [option, .. message]);

    /// <summary>One below the least.</summary>
    public BadCase AtLeast(int least, string option, Action<TOptions, int> set) => Refused<ArgumentOutOfRangeException>(
        option, $"{least - 1}", options => set(options, least - 1), $"at least {least}", $"Actual value was {least - 1}");

    /// <summary>Just below the least value, and just above the largest.</summary>
    public IEnumerable<BadCase> Outside(int least, int most, string option, Action<TOptions, int> set) => new[] { least - 1, most + 1 }.Select(value =>
        Refused<ArgumentOutOfRangeException>(
            option, $"{value}", options => set(options, value), $"between {least} and {most}", $"Actual value was {value}"));

    /// <summary>Numbers that cannot be right, one row each.</summary>
    public IEnumerable<BadCase> Numbers(string option, Action<TOptions, double> set, params double[] values) =>
        values.Select(value => Refused<ArgumentOutOfRangeException>(
        option, FormattableString.Invariant($"{value}"), options => set(options, value), FormattableString.Invariant($"Actual value was {value}")));
}
