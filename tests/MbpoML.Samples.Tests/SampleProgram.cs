using System.Globalization;
using System.Reflection;

namespace MbpoML.Samples.Tests;

/// <summary>The program of a sample, called in this process: its own Main, with arguments that make it short.</summary>
internal static class SampleProgram
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="name">The sample, which is the name of its assembly.</param>
    /// <param name="arguments">The arguments of the command line.</param>
    /// <returns>What it wrote.</returns>
    public static string Run(string name, params string[] arguments)
    {
        var main = Assembly.Load(name).EntryPoint!;
        var (console, culture, written) = (Console.Out, CultureInfo.CurrentCulture, new StringWriter(CultureInfo.InvariantCulture));
        Console.SetOut(written);
        try
        {
            var code = main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], CultureInfo.InvariantCulture);
            Assert.That(code ?? 0, Is.Zero, written.ToString());
        }
        finally
        {
            Console.SetOut(console);
            CultureInfo.CurrentCulture = culture;
        }

        return written.ToString();
    }
}
