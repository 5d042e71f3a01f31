using Microsoft.ML.Data;

namespace MbpoML.Benchmarks.Offline;

/// <summary>A second of a two-heater temperature laboratory.</summary>
internal sealed class TclabRow
{
    /// <summary>The controller.</summary>
    [ColumnName("experiment")]
    public string Experiment { get; set; } = "";

    /// <summary>Since the experiment began.</summary>
    [ColumnName("second")]
    public double Second { get; set; }

    /// <summary>%</summary>
    [ColumnName("heater_1")]
    public double Heater1 { get; set; }

    /// <summary>%</summary>
    [ColumnName("heater_2")]
    public double Heater2 { get; set; }

    /// <summary>°C</summary>
    [ColumnName("temperature_1")]
    public double Temperature1 { get; set; }

    /// <summary>°C</summary>
    [ColumnName("temperature_2")]
    public double Temperature2 { get; set; }

    /// <summary>°C</summary>
    [ColumnName("setpoint_1")]
    public double SetPoint1 { get; set; }

    /// <summary>°C</summary>
    [ColumnName("setpoint_2")]
    public double SetPoint2 { get; set; }
}
