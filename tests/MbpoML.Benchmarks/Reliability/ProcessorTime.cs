using System.Globalization;

namespace MbpoML.Benchmarks.Reliability;

/// <summary>Processor seconds of processes, by the system's own books (Linux, proc(5)).</summary>
/// <param name="Own">The seconds that the processes used themselves.</param>
/// <param name="Children">The seconds of their children that have ended.</param>
internal readonly record struct ProcessorTime(double Own, double Children)
{
    // The kernel counts in hundredths on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    // Fields 14 to 17; the first that stands behind the name in brackets is the third.
    private const int First = 14 - 3;

    /// <summary>What the processes have used until now, together.</summary>
    public static ProcessorTime Of(IEnumerable<int> processes)
    {
        var sum = default(ProcessorTime);
        foreach (var process in processes)
        {
            var line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            double Seconds(int field) => double.Parse(fields[First + field], CultureInfo.InvariantCulture) / TicksPerSecond;
            sum = new(sum.Own + Seconds(0) + Seconds(1), sum.Children + Seconds(2) + Seconds(3));
        }

        return sum;
    }

    public static ProcessorTime operator -(ProcessorTime left, ProcessorTime right) => new(left.Own - right.Own, left.Children - right.Children);
}
